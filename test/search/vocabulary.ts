const words = (text: string) => text.trim().split(/\s+/);
const list = (text: string) => text.trim().split(/\s*[,\n]\s*/);

/** The common ones first. */
export const firstNames = words(`
  James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Karen
  Thomas Sarah Charles Lisa Christopher Nancy Daniel Sandra Matthew Betty Anthony Ashley Mark Emily Donald Kimberly
  Steven Margaret Andrew Donna Paul Michelle Joshua Carol Kenneth Amanda Kevin Melissa Brian Deborah Timothy Stephanie
  Ronald Rebecca Jason Sharon George Laura Edward Cynthia Jeffrey Dorothy Ryan Amy Jacob Kathleen Gary Angela Nicholas
  Shirley Eric Emma Jonathan Brenda Stephen Pamela Larry Nicole Justin Anna Scott Samantha Brandon Katherine Benjamin
  Christine Samuel Debra Gregory Rachel Alexander Carolyn Patrick Janet Frank Maria Raymond Olivia Jack Heather Dennis
  Helen Jerry Catherine Tyler Diane Aaron Julie Jose Victoria Adam Joyce Nathan Lauren Henry Kelly Zachary Christina
  Douglas Ruth Peter Joan Kyle Virginia Noah Judith Ethan Evelyn Jeremy Hannah Walter Andrea Christian Megan Keith
  Cheryl Roger Jacqueline Terry Martha Austin Madison Sean Teresa Gerald Gloria Carl Sara Harold Janice Dylan Ann
  Arthur Kathryn Lawrence Abigail Jordan Sophia Jesse Frances Bryan Jean Billy Alice Bruce Judy Gabriel Isabella Joe
  Julia Logan Grace Alan Amber Juan Denise Albert Danielle Willie Marilyn Elijah Beverly Wayne Charlotte Randy Natalie
  Vincent Theresa Mason Diana Roy Brittany Ralph Doris Bobby Kayla Russell Alexis Bradley Lori Philip Marie Eugene
  Wanda Glenda Earl Nettie Clyde Opal Homer Imogene Otis Lurleen Hector Pilar Priya Anil Wei Mei Darnell Tamika Keisha
  Duane Misty Tammy Rhonda Jolene Cletus Hollis Marjorie Vernon Thelma Leon Ernestine Rufus Odessa Clarence Estelle`);

/** The common ones first: a few hundred Smiths, Johnsons and Garcias, and many that only two or three families bear. */
export const lastNames = words(`
  Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Harris
  Thompson White Clark Lewis Robinson Walker Young Allen King Wright Hill Scott Green Adams Baker Nelson Carter
  Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan Bell
  Murphy Bailey Cooper Richardson Cox Howard Ward Peterson Gray James Watson Brooks Kelly Sanders Price Bennett Wood
  Barnes Ross Henderson Coleman Jenkins Perry Powell Long Patterson Hughes Washington Butler Simmons Foster Bryant
  Alexander Russell Griffin Hayes Myers Ford Hamilton Graham Sullivan Wallace Woods Cole West Jordan Owens Reynolds
  Fisher Ellis Harrison Gibson Cruz Marshall Wells Webb Simpson Stevens Tucker Porter Hunter Hicks Crawford Henry Boyd
  Mason Morales Kennedy Warren Dixon Ramos Burns Gordon Shaw Holmes Rice Robertson Hunt Black Daniels Palmer Mills
  Nichols Grant Knight Ferguson Rose Stone Hawkins Dunn Perkins Hudson Spencer Gardner Stephens Payne Pierce Berry
  Matthews Arnold Wagner Willis Ray Watkins Olson Carroll Duncan Snyder Hart Cunningham Bradley Lane Andrews Ruiz
  Harper Fox Riley Armstrong Carpenter Weaver Greene Lawrence Elliott Chavez Sims Austin Peters Kelley Franklin Lawson
  Fields Gutierrez Ryan Schmidt Carr Vasquez Castillo Wheeler Chapman Oliver Montgomery Richards Williamson Johnston
  Banks Meyer Bishop McCoy Howell Alvarez Morrison Hansen Fernandez Garza Harvey Little Burton Stanley Nguyen George
  Jacobs Reid Kim Fuller Lynch Dean Gilbert Garrett Romero Welch Larson Frazier Burke Hanson Day Mendoza Moreno Bowman
  Medina Fowler Brewer Hoffman Carlson Silva Pearson Holland Douglas Fleming Jensen Vargas Byrd Davidson Hopkins May
  Terry Herrera Wade Soto Walters Curtis Neal Caldwell Lowe Jennings Barnett Graves Jimenez Horton Shelton Barrett
  Obrien Castro Sutton Gregory McKinney Lucas Miles Craig Rodriquez Chambers Holt Lambert Fletcher Watts Bates Hale
  Rhodes Pena Beck Newman Haynes McDaniel Mendez Bush Vaughn Parks Dawson Santiago Norris Hardy Love Steele Curry
  Powers Schultz Barker Guzman Page Munoz Ball Keller Chandler Weber Leonard Walsh Lyons Ramsey Wolfe Schneider Mullins
  Benson Sharp Bowen Daniel Barber Cummings Hines Baldwin Griffith Valdez Hubbard Salazar Reeves Warner Stevenson
  Burgess Santos Tate Cross Garner Mann Mack Moss Thornton Dennis McGee Farmer Delgado Aguilar Vega Glover Manning
  Cohen Harmon Rodgers Robbins Newton Todd Blair Higgins Ingram Reese Cannon Strickland Townsend Potter Goodwin Walton
  Rowe Hampton Ortega Patton Swanson Joseph Francis Goodman Maldonado Yates Becker Erickson Hodges Rios Conner Adkins
  Webster Norman Malone Hammond Flowers Cobb Moody Quinn Blake Maxwell Pope Floyd Osborne Paul McCarthy Guerrero
  Lindsey Estrada Sandoval Gibbs Tyler Gross Fitzgerald Stokes Doyle Sherman Saunders Wise Colon Gill Alvarado Greer
  Whitaker Whitmore Whitehead Hartley Hartman Hargis Harwell Meier Kesler Nakagawa Abercrombie Tidmore Weaver Oakes
  Pickett Picking Beecham Ashford Ashby Lang Langford Stromquist Bird Cable Kagle Loveless Odum Vann Tolliver Talbert
  Kowalski Nunn Hatcher Brandon Castle Berryman Gupton Ostrom Bankston Lunsford Crutchfield Reynolds Tidball Sizemore
  Prewett Wimms Mulligan McCallister McAllen Ragland Zimmerman Villareal Hutchins Hutchison Penny Bridgers`);

/** A town, its ZIP codes, how many of a hundred customers live there, and its streets. */
export interface Town {
  city: string;
  zips: readonly string[];
  share: number;
  streets: readonly string[];
}

const town = (city: string, zips: string, share: number, streets: string): Town => ({
  city,
  zips: words(zips),
  share,
  streets: list(streets),
});

export const towns: readonly Town[] = [
  town(
    'Huntsville',
    '35801 35802 35803 35805 35806 35810 35811 35816 35824',
    40,
    `Bailey Cove Rd SE, Whitesburg Dr S, Governors Dr SE, Eustis Ave SE, Zierdt Rd SW, Monte Sano Blvd SE
    Weatherly Rd SE, Garth Rd SE, Randolph Ave SE, Drake Ave SW, Pulaski Pike NW, Adams St SE, Cecil Ashburn Dr SE
    Mountain Gap Rd SE, Wells Ave SE, University Dr NW, Holmes Ave NE, Jordan Ln NW, Winchester Rd NE, Airport Rd SW
    Four Mile Post Rd SE, Hobbs Rd SE, Green Cove Rd SE, Bankhead Pkwy NE, Pratt Ave NE, Clinton Ave E, Lincoln St SE
    McClung Ave SE, California St SE, Oakwood Ave NW, Meridian St N, Blue Spring Rd NW, Mastin Lake Rd NW, Byrd Spring Rd SW
    Sparkman Dr NW, Old Monrovia Rd NW, Chaney Thompson Rd SE, Martin Rd SW, Redstone Rd SW, Jones Valley Dr SE
    Tea Garden Rd SE, Logan Dr SE, Big Cove Rd SE, Locust Ave SE, Toll Gate Rd SE, Ledges Point Cir, Willowbrook Dr SE`,
  ),
  town(
    'Madison',
    '35756 35757 35758',
    16,
    `Hughes Rd, Mill Rd, Gillespie Rd, Balch Rd, Burgreen Rd, Shelton Rd, Clift Dr, Eastview Dr, Main Street
    County Line Rd, Palmer Rd, Sullivan St, Wall Triana Hwy, Slaughter Rd, Browns Ferry Rd, Church St, Front St, Intergraph Way
    Royal Dr, Brownsferry Rd, Segers Rd, Hardiman Rd, Huntsville Browns Ferry Rd, Martin St, Portal Ln, Skyline Rd`,
  ),
  town(
    'Owens Cross Roads',
    '35763',
    5,
    'Old Big Cove Rd, Wade Rd, Sutton Rd, Old Highway 431, Cave Spring Rd, Church Ave, Caldwell Loop, Poplar Ridge Rd',
  ),
  town(
    'Hampton Cove',
    '35763',
    5,
    'Caldwell Ln, Taylor Ln, Old 431 Hwy, Hampton Cove Way, Terry Drake Rd, King Drake Rd, Eastern Hill Dr, Goose Ridge Dr',
  ),
  town(
    'Athens',
    '35611 35613 35614',
    9,
    `Forrest St, Lindsay Ln N, Elm St, Elkton St, Hobbs St W, W Market St, Jefferson St S, East Limestone Rd, Nick Davis Rd
    Capshaw Rd, Lucas Ferry Rd, Brownsferry St, Houston St, Clinton St N, Sanderfer Rd, Piney Chapel Rd`,
  ),
  town(
    'Decatur',
    '35601 35603',
    9,
    `6th Ave SE, Danville Rd SW, Grant St SE, Somerville Rd SE, Point Mallard Dr SE, Johnston St SE, Beltline Rd SW
    Spring Ave SW, Modaus Rd SW, Country Club Rd SE, Bank St NE, Canal St NE, Sherman St SE, Auburn Dr SW, Old Trinity Rd SW`,
  ),
  town(
    'Harvest',
    '35749',
    4,
    'Old Railroad Bed Rd, Jeff Rd, Ford Chapel Rd, Wall Triana Hwy, Dan Crutcher Rd, Kelly Spring Rd, Lockhart Rd',
  ),
  town(
    'Meridianville',
    '35759',
    3,
    'Grimwood Rd, Walker Ln, Monroe Rd, Steger Rd, Patterson Ln, Charity Ln, Highway 231 N',
  ),
  town(
    'New Market',
    '35761',
    2,
    'Winchester Rd, Mt Lebanon Rd, Buddy Williamson Rd, Walnut Grove Rd, Hurricane Creek Rd',
  ),
  town(
    'Gurley',
    '35748',
    2,
    'Gurley Pike, Joplin St, Rock Cut Rd, Church St, Section Line Rd, Little Cove Rd',
  ),
  town(
    'Brownsboro',
    '35741',
    2,
    'Dug Hill Rd, Brownsboro Rd, Eastpointe Blvd, Goose Creek Rd, Killingsworth Cove Rd',
  ),
  town(
    'Toney',
    '35773',
    2,
    'Old Railroad Bed Rd, Carters Gin Rd, Elkwood Section Rd, Pulaski Pike, Bo Howard Rd, Old Eli Rd',
  ),
  town('Hazel Green', '35750', 1, 'Joe Quick Rd, Butler Rd, Limestone Rd, Ready Section Rd, Charity Ln'),
];

export const firms = list(`
  Tennessee Valley Realty, Cotton Row Properties, Saturn Title Company, Limestone Family Dentistry, Keller Ridge Homes
  Big Spring Insurance, Monrovia Animal Clinic, Von Braun Optical, Bluff City Builders, Wheeler Lake Marina
  Hartwell Construction, Rocket Fuel Coffee, Research Park Catering, Valley Pediatric Dental, North Alabama Roofing
  Burritt Museum Shop, Mallard Property Group, Lowe Mill Frames, Redstone Credit Union, Canebrake Golf Club
  Dogwood Florist, Five Points Bakery, Twickenham Square Apartments, Covenant Presbyterian Church, Acorn Storage`);

export const tags = list(
  'referral, quarterly, annual plan, commercial, realtor, rentals, vip, senior discount, two stories, do not text, storefront',
);

export const petNames = words(
  'Bella Max Luna Charlie Daisy Cooper Biscuit Sadie Bear Duke Molly Tucker Maple Winston Lucy Rocky Milo Gus Ginger Oreo',
);

export const breeds = list(
  'labrador, beagle, poodle, german shepherd, corgi, terrier, golden retriever, boxer',
);

export const mailHosts = list('mail.example, post.example, example.com, example.org, example.net');

/** Of no known customer alone, so that three digits give nobody away. */
export const exchanges = words(
  '217 222 230 231 232 233 254 262 270 319 325 333 350 351 353 379 426 461 464 517 518 536 555 585 604 722 724 776 828 830 852 859 880 885',
);
