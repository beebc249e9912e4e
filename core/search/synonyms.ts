// Words that mean the same to people of this trade. Whoever types one of a line also finds the others, behind what has the
// very word.

const groups = `
elderly senior seniors aged
dog dogs puppy
cat cats kitten
gutter gutters downspout downspouts
pressure power
washing wash
window windows pane panes
screen screens
inside interior
outside exterior
check checks cheque
payment pays paid pay
child children kids kid
baby infant nursery
retired retiree pensioner
vet veteran military
doctor physician
apartment apartments apt condo
building bldg
association assoc hoa
company co
incorporated inc
center centre
professional pro
yearly annual annually
street st
road rd
lane ln
drive dr
avenue ave av
boulevard blvd
court ct
circle cir
place pl
parkway pkwy
highway hwy
terrace ter
trail trl
square sq
crossing xing
point pt
mountain mtn mt
mount mt
fort ft
saint st
suite ste
north n
south s
east e
west w
northeast ne
northwest nw
southeast se
southwest sw
alabama al
tennessee tn
georgia ga
two 2
three 3
four 4
five 5
six 6
seven 7
eight 8
nine 9
ten 10
eleven 11
twelve 12
first 1st
second 2nd
third 3rd
fourth 4th
fifth 5th
sixth 6th
seventh 7th
eighth 8th
ninth 9th
tenth 10th
`;

/** First names and what their bearers are called, and other spellings of the same name. */
const names = `
abigail abby gail
albert al bert
alan allan allen al
alexander alex alec sandy
alexandra alex sandra
alfred fred alf
andrew andy drew
angela angie
ann anne anna annie
anthony tony
arthur art
barbara barb barbie babs
benjamin ben benny
bernard bernie
beverly bev
bradley brad
brian bryan bryant
carolyn caroline carol
catherine katherine kathryn katharine cathy kathy kate katie kat kathleen
charles charlie chuck chas
cheryl sheryl
christina christine kristina chris tina christy kristy
christopher chris kris topher
clarence clare
cynthia cindy
daniel dan danny
david dave davey
deborah debra deb debbie
dennis denny
dolores lola
donald don donnie donny
dorothy dot dottie dolly
douglas doug
edward ed eddie ted ned
edwin ed eddie
eleanor ellie nell nellie elinor
elizabeth liz beth betty betsy eliza libby lizzie elisabeth
emily em
eric erik erick
eugene gene
evelyn evie
florence flo
frances fran francie
francis frank
franklin frank
frederick fred freddie
gabriel gabe
geoffrey jeffrey jeff jeffery
gerald gerry jerry
gerard gerry
gregory greg
harold harry hal
henry hank harry
howard howie
isabel isabella bella izzy
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
janice jan
jason jay
jean jeanne gene
jeanette jeannette
jennifer jen jenny jenn
jerome jerry
jessica jess jessie
john jon jack johnny
jonathan jon john nathan
joseph joe joey
joshua josh
judith judy judi
julia julie
karen caren
kenneth ken kenny
kimberly kim kimberley
kristin kristen kirsten
lawrence larry laurence
leonard leo len lenny
leslie les lesley
lillian lily lil
linda lynda lindy
louis lewis lou
louise lou
lynn lynne
madeline maddie
marcus marc mark
marjorie marge margie
margaret maggie meg peggy marge margie greta
maria mary
martha marty
martin marty
matthew matt mathew
megan meg meghan
melissa mel missy
michael mike mick mickey mitch
michelle michele shelly
mildred millie
mitchell mitch
mohammed muhammad mohamed mohammad
nancy nan
natalie nat
nathaniel nathan nate nat
nicholas nick nicolas nicky
nicole nikki
norman norm
oliver ollie
olivia liv
pamela pam
patricia pat patty tricia trish patti
patrick pat paddy
peter pete
philip phillip phil
rachel rachael
randall randy randal
raymond ray
rebecca becky becca
reginald reggie reg
richard rick dick rich ricky richie
robert bob rob bobby robbie bert
ronald ron ronnie
rosemary rose rosie
russell russ
samantha sam
samuel sam sammy
sandra sandy
sarah sara sally sadie
sean shawn shaun
stanley stan
stephanie steph
stephen steven steve stevie
stuart stewart stu
susan sue susie suzanne suzie
sylvia silvia
teresa theresa terry terri tess
terrence terence terry
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tracy tracey
vernon vern
victor vic
victoria vicky vicki tori
vincent vince vinny
virginia ginny ginger
walter walt wally
wesley wes
william bill will billy willie liam
zachary zach zack zac
smith smyth smythe
meyer meier myer mayer maier mayr
macdonald mcdonald
`;

const others = new Map<string, Set<string>>();
for (const line of [...groups.split('\n'), ...names.split('\n')]) {
  const words = line.split(' ').filter(Boolean);
  for (const word of words) {
    const known = others.get(word) ?? new Set<string>();
    for (const other of words) if (other !== word) known.add(other);
    others.set(word, known);
  }
}

/** A word and what else is meant by it, the word itself first. */
export const formsOf = (word: string): readonly string[] => [word, ...(others.get(word) ?? [])];

/** Several words that mean one thing: what they are looked for as. */
export const phrases: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:old|older|elderly|aged)\s+(?:and\s+\w+\s+)?(?:lady|ladies|woman|women|man|men|gentleman|couple|guy|people|person|folks)\b/g,
    'elderly',
  ],
  [/\b(?:home\s*owners?|homeowners)\s+assoc(?:iation)?\b/g, 'homeowners association'],
  [/\bpower\s?wash(?:ing|ed)?\b/g, 'pressure washing'],
];
