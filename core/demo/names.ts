// Whom the demo is about: made up, and of the kinds a town in Alabama has. Telephone numbers are of the range kept for films.

export const firstNames =
  'Abigail Alan Alice Amos Angela Arthur Beatrice Benjamin Bonnie Bruce Calvin Camille Carl Cecilia Chester Clara Clyde Cora Curtis Daisy Darnell Delia Dwight Edith Edwin Eleanor Ellis Esther Eugene Faye Felix Flora Frank Gail George Gloria Gordon Grace Harold Hazel Henry Ida Irene Isaac Ivy Jasper Josephine Judith Julius Keith Lamar Laura Leonard Lillian Lorenzo Louise Lucas Mabel Marcus Marion Martha Maurice Melvin Mildred Miriam Nadine Nathan Nelson Nora Odessa Oliver Opal Oscar Otis Pauline Percy Phyllis Quentin Rachel Ralph Ramona Raymond Reba Rita Roland Rosa Rufus Ruth Samuel Selma Sidney Silas Stella Sylvia Thelma Theodore Tobias Ursula Vera Vernon Victor Viola Wallace Wanda Wesley Willa Xavier Yolanda Zelda'.split(
    ' ',
  );

export const lastNames =
  'Abernathy Alvarez Atkins Bailey Barnett Beasley Benson Blackwell Boone Bradford Brooks Bryant Burgess Caldwell Carver Chapman Clemons Coleman Conway Crawford Dalton Daniels Dawson Delgado Dixon Donovan Dunlap Eason Ellison Espinoza Farmer Fields Finley Foster Freeman Gaines Garner Gibbs Goodwin Grady Granger Greer Hagan Hammond Hargrove Hendrix Hollis Hooper Horton Ingram Jarvis Jennings Keller Kirkland Lambert Langley Larkin Lawson Leland Lindsey Lockhart Maddox Marlow Massey Mayfield McBride McNeil Meadows Merritt Middleton Monroe Moody Nance Newell Norwood Oakley Osborne Padgett Parrish Paxton Pickett Poole Prescott Pruitt Quarles Ramsey Redmond Reeves Rhodes Ridley Rowland Sawyer Shelton Sheppard Sloan Sparks Stafford Stanton Suttles Talbot Tate Thornton Tillman Travers Underwood Vance Vaughn Walden Watkins Weaver Wheeler Whitaker Wilkes Winslow Woodard Yancey Yates'.split(
    ' ',
  );

/** Towns around Huntsville with streets of theirs; the first ones have the most customers. */
export const towns = [
  {
    city: 'Madison',
    postal_code: '35758',
    streets: ['Mill Road', 'Gillespie Road', 'Hughes Road', 'Palmer Road'],
  },
  {
    city: 'Huntsville',
    postal_code: '35801',
    streets: ['Whitesburg Drive', 'Locust Avenue', 'Randolph Avenue'],
  },
  {
    city: 'Huntsville',
    postal_code: '35802',
    streets: ['Bailey Cove Road', 'Weatherly Road', 'Chaney Thompson Road'],
  },
  { city: 'Huntsville', postal_code: '35806', streets: ['Enterprise Way', 'Indian Creek Road', 'Jeff Road'] },
  {
    city: 'Owens Cross Roads',
    postal_code: '35763',
    streets: ['Old Big Cove Road', 'Taylor Road', 'Sutton Road'],
  },
  { city: 'Decatur', postal_code: '35601', streets: ['Oak Street', 'Ferry Street', 'Bank Street'] },
] as const;

export const shops = [
  'Magnolia Bakery',
  'Rocket City Coffee',
  'Cove Road Dental',
  'Monte Sano Books',
  'Lily Pad Florists',
  'Five Points Barbers',
  'Bridge Street Optics',
  'Old Town Diner',
  'Cotton Row Boutique',
  'Whitesburg Animal Clinic',
  'Randolph Law Office',
  'Big Spring Yoga',
] as const;

export const remarks = [
  'Gate code 4471. Call when you are ten minutes away.',
  'Two dogs, friendly. Keep the back gate closed.',
  'Extension ladder needed for the gable windows.',
  'Pays by check, leaves it under the mat.',
  'Prefers mornings. Works nights at the hospital.',
  'No water spigot at the front; use the one at the garage.',
  'Storm windows on the north side: 6 of them.',
  'Park on the street, the driveway is steep.',
] as const;

export const calls = [
  ['Asked when we come next', 'Wants the screens done this time as well.'],
  ['Happy with the work', 'Said the sunroom has never looked so clear.'],
  ['A streak on the bay window', 'Theo passes by on the way home.'],
  ['Asked for the price of gutters', 'Told them $150, and that we combine it with the windows.'],
  ['Wants to be called before we come', 'The new puppy needs to be put inside.'],
] as const;
