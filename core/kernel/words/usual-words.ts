// Words of an office in the United States that a model (o200k) takes for one token each: names, streets, services, and
// what briefings say. They only make an estimate of tokens closer; the tests compare each of them with the real count.

/** One token behind a space. */
export const usualBehindSpace: ReadonlySet<string> = wordsOf([
  'Aaron Abigail Ada Adam Adams Alan Albert Alexander Alexis Alice Allen Alvarez Amanda Amber Amy Anderson',
  'Andrea Andrew Andrews Angela Ann Anna Anthony Apt Arlington Armstrong Arnold Arthur Ashley Athens Auburn',
  'Austin Ave Avenue Bailey Baker Banks Barbara Barnes Barrett Bates Bay Beach Beck Bell Ben Benjamin',
  'Bennett Berry Beth Betty Beverly Bill Billy Bishop Black Blvd Bob Bobby Boulevard Bowman Boyd Bradley',
  'Brandon Brenda Brewer Brian Bridge Bristol Brittany Brooks Brown Bruce Bryan Bryant Burke Burlington',
  'Burton Butler Campbell Carl Carlson Carol Carolyn Carpenter Carr Carroll Carter Castillo Castro',
  'Catherine Cedar Center Chapman Charles Charlotte Chavez Chen Chris Christina Christine Christopher',
  'Church Cir Circle City Clara Clark Cleaning Cleveland Clinton Cole Coleman Collins Cook Cooper County',
  'Court Cove Cox Creek Cross Cruz Ct Cunningham Curtis Cynthia Dan Daniel Danielle Daniels Dave David',
  'Davidson Davis Day Dayton Dean Deborah Deck Delgado Denise Dennis Diana Diane Diaz Dixon Donald Donna',
  'Doris Dorothy Douglas Dover Dr Drive Duncan Dunn Dylan East Edward Edwards Eleanor Elijah Elizabeth',
  'Ellen Elliott Ellis Elm Emily Emma Eric Estimate Ethan Eugene Evans Evelyn Exterior Family Ferguson',
  'Fernandez Fields First Fisher Floor Flores Ford Forest Foster Fowler Fox Frances Frank Franklin Fri',
  'Fuller Gabriel Garcia Garden Gardner Garrett Gary George Georgetown Gerald Gibson Gilbert Gina Gloria',
  'Gomez Gonzalez Grace Graham Grant Gray Green Greene Gregory Guerrero Hall Hamilton Hampton Hannah Hansen',
  'Hanson Harold Harper Harris Hart Harvey Hawkins Hayes Hazel Heather Heights Helen Henderson Henry',
  'Hernandez Herrera Hill Hills Hoffman Holland Holmes Home Hopkins House Howard Howell Hudson Hughes Hunt',
  'Hunter Inside Installation Interior Isabella Island Ivy Jack Jackson Jacob Jacobs Jacqueline James Jane',
  'Janet Jason Jean Jefferson Jeffrey Jenkins Jennifer Jensen Jeremy Jerry Jesse Jessica Jim Joan Joe John',
  'Johnson Johnston Jonathan Jones Jordan Jose Joseph Joshua Joyce Juan Judith Judy Julia Julie Justin',
  'Karen Kate Katherine Kathleen Kathryn Keith Keller Kelley Kelly Kennedy Kenneth Kevin Kim Kimberly King',
  'Knight Kyle Lake Lane Larry Larson Laura Lauren Lawn Lawrence Lawson Lee Leo Lewis Lexington Lincoln',
  'Linda Lisa Little Ln Logan Long Lopez Lori Louis Lucas Lynch Madison Main Maintenance Manchester Maple',
  'Margaret Maria Marie Marilyn Marion Mark Marshall Martha Martin Martinez Mary Mason Matthew Matthews Max',
  'May Meadow Melissa Mendoza Michael Michelle Mike Mill Miller Mills Milton Mitchell Mon Monroe Montgomery',
  'Moore Morales Moreno Morgan Morris Morrison Mr Mrs Ms Murphy Murray Myers Nancy Natalie Nathan Nelson',
  'New Newman Newport Nguyen Nicholas Nichols Nicole Noah Nora North Oak Oaks Office Old Oliver Olivia',
  'Ortega Ortiz Outside Owens Oxford Palmer Pamela Park Parker Patel Patricia Patrick Paul Payne Pearson',
  'Pena Perez Perkins Perry Peter Peters Peterson Philip Phillips Pierce Pine Pl Place Point Powell',
  'Pressure Price Rachel Ralph Ramirez Ramos Randy Ray Raymond Rd Rebecca Reed Reid Repair Reyes Rice',
  'Richard Richards Richardson Ridge Riley River Rivera Riverside Road Roads Robert Roberts Robertson',
  'Robinson Rodriguez Roger Rogers Ronald Roof Rose Ross Roy Ruby Ruiz Russell Ruth Ryan Salem Sam Samantha',
  'Samuel Sanchez Sanders Sandra Santos Sara Sarah Sat Schmidt Schneider School Schultz Scott Screen',
  'Screens Sean Second Service Sharon Shirley Silva Simmons Sims Smith Sophia Soto South Spencer Spring',
  'Springfield Springs St Stanley Stephanie Stephen Stephens Steve Steven Stevens Stewart Stone Storm',
  'Street Sue Suite Sullivan Sun Susan Taylor Teresa Terry Tess The Theo Theresa Third Thomas Thompson Thu',
  'Tim Timothy Tom Torres Town Trail Tran Tue Turner Tyler Unit Valley Vargas Victoria View Vincent Violet',
  'Virginia Visit Wade Wagner Walker Wallace Walsh Walter Walters Ward Warren Washing Washington Watkins',
  'Watson Way Wayne Weaver Weber Wed Welch Wells West Wheeler White William Williams Williamson Willie',
  'Willis Wilson Window Windows Wong Wood Woods Wright Young accepted allowed and assigned at attributes by',
  'call closed contacted date decided declined denied done due failed filter follow for high in lead leads',
  'low more new no nobody not of on open pending progress reminder sent since the to today until up visits',
  'waiting where with working',
]);

/** One token at the beginning of a text and behind an opening mark. */
export const usualAtStart: ReadonlySet<string> = wordsOf([
  'Aaron Ada Adam Alan Albert Alexander Alice Amanda Amber Amy Andrea Andrew Angela Ann Anna Anthony Arthur',
  'Ashley Austin Ave Barbara Bay Beach Ben Benjamin Beth Bill Billy Bob Brian Bridge Bruce Carl Carol',
  'Center Charles Charlotte Chris Christine Christopher Church Cir Circle City Cleaning County Court Cross',
  'Ct Dan Daniel Dave David Deck Dennis Donald Donna Douglas Dr Drive East Edward Elizabeth Elm Emily Emma',
  'Eric Estimate Exterior First Floor Forest Frank Fri Garden Gary George Grace Hamilton Heather Helen',
  'Henry Hill Home House Inside Installation Interior Island Jack Jackson Jacob James Jane Jason Jean',
  'Jennifer Jeremy Jerry Jessica Jim Joe John Jonathan Jordan Jose Joseph Joshua Juan Julia Julie Justin',
  'Karen Kate Keith Kelly Kevin Kyle Lake Lane Larry Laura Lauren Leo Lincoln Linda Lisa Ln Louis Main',
  'Maintenance Manchester Maria Marie Mark Mary Matthew Max Melissa Michael Michelle Mike Mill Mon Mr Mrs',
  'Ms Nancy Nathan New Nicole North Oak Office Old Outside Oxford Park Patrick Paul Peter Philip Pl Place',
  'Point Pressure Rachel Rd Rebecca Repair Richard River Road Robert Roger Roof Rose Roy Ruby Ryan Sam',
  'Samuel Sandra Sara Sarah Sat School Scott Screen Screens Sean Second Service South Spring St Stephanie',
  'Stephen Steve Steven Storm Street Sue Suite Sun Susan The Theo Third Thomas Thu Tim Tom Town Trail Tue',
  'Unit Victoria View Virginia Visit Walter Washington Way Wed West William Window Windows Wood accepted',
  'allowed and assigned at attributes by call closed date done due failed filter follow for high in lead',
  'low more new no not of on open pending progress sent since the to today until up waiting where with',
  'working',
]);

function wordsOf(lines: readonly string[]): Set<string> {
  return new Set(lines.flatMap(line => line.split(' ')));
}
