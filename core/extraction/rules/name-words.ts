// What a name may be made of, and what it is never made of. All in small letters and without accents.

const setOf = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter(word => word !== ''));

/** Given names that are common in the United States, English and Spanish ones: strong evidence, never a condition. */
export const givenNames = setOf(`
  aaron abby abel abigail abraham ada adam adela adele adrian adriana agnes aiden aileen aisha al alan alana albert
  alberto alejandra alejandro alex alexander alexandra alexis alfonso alfred alfredo alice alicia alisha alison alistair
  allan allen allison alma alonzo althea alvaro alvin alyssa amanda amber amelia amir amy ana anastasia andre andrea
  andres andrew andy angel angela angelica angelina angelo angie anita ann anna anne annette annie anthony antoine
  antonia antonio april archie ariana ariel armando arnold art arthur arturo ashley astrid aubrey audrey august aurora
  austin ava avery barb barbara barney barry bart beatrice beatriz becky belinda ben benito benjamin benny bernadette
  bernard bernice bert bertha beth bethany betsy betty beulah beverly bianca bill billie billy blake blanca blanche bob
  bobbie bobby bonnie boris brad bradley brandi brandon brandy brenda brendan brent brett brian briana bridget brittany
  brock bruce bruno bryan bryce byron caitlin caleb calvin cameron camila camille candace candice cara carl carla carlos
  carlton carmen carol carole carolina caroline carolyn carrie carter casey cassandra cassie catalina catherine cathy
  cecil cecilia cedric celeste celia cesar chad charlene charles charlie charlotte chase chelsea cheryl chester chloe
  chris christian christina christine christopher christy chuck cindy claire clara clarence clarice clark claude claudia
  clay clayton clifford clifton clint clinton clyde cody cole colette colin colleen connie connor conrad consuelo cora
  corey cornelius cory courtney craig cristian cristina crystal curt curtis cynthia daisy dale dallas damian damon dan
  dana daniel daniela danielle danny daphne darius darla darlene darnell darrell darren darryl dave david dawn dean
  deanna deb debbie deborah debra dee deirdre delia della delores demetrius denise dennis derek derrick desiree desmond
  dewayne dexter diana diane diego dina dirk dolores dominic don donald donna dora doreen doris dorothy doug douglas
  drew duane dustin dwayne dwight dylan earl earnest ebony ed eddie edgar edith edmund eduardo edward edwin eileen elaine
  eleanor elena elias elijah elisa elise eliza elizabeth ella ellen ellie elliott elmer eloise elsa elsie elvira emilia
  emiliano emilio emily emma emmanuel enrique eric erica erik erika erin ernest ernestine ernesto ervin esmeralda
  esperanza esteban estela estelle esther ethan ethel eugene eugenia eula eunice eva evan evelyn everett ezra fabian
  faith fannie farah fatima fay felicia felipe felix fernando fidel fiona flora florence floyd frances francesca
  francis francisco frank frankie franklin fred freda freddie frederick gabriel gabriela gabrielle gail garrett gary
  gavin gayle gene geneva genevieve geoffrey george georgia georgina gerald geraldine gerardo gertrude gilbert gilberto
  gina ginger gisela gladys glen glenda glenn gloria gordon grace graciela graham grant greg gregg gregory greta
  gretchen griselda guadalupe guillermo gus gustavo guy gwen gwendolyn hailey hank hannah hans harold harper harriet
  harry harvey hattie hazel heather hector heidi helen helena helga henrietta henry herbert herman hilda holly homer
  hope horace howard hubert hugh hugo ian ida ignacio igor ilene imani imogen ines inez ingrid irene iris irma irving
  isaac isabel isabella isaiah ismael israel ivan ivy jack jackie jackson jacob jacqueline jade jaime jake jamal james
  jamie jan jane janelle janet janice janie jared jasmine jason javier jay jean jeanette jeanne jeff jeffery jeffrey
  jenna jennie jennifer jenny jerald jeremiah jeremy jermaine jerome jerry jess jesse jessica jessie jesus jill jim
  jimmy jo joan joann joanna joanne joaquin jocelyn jodi jody joe joel joey johanna john johnnie johnny jon jonathan
  jordan jorge jose josefina joseph josephine josh joshua josie joy joyce juan juana juanita judith judy julia julian
  juliana julie juliet julio julius june justin kaitlyn kara karen kari karin karl karla kate katelyn katherine kathleen
  kathryn kathy katie katrina kay kayla keisha keith kelley kelli kelly kelsey kelvin ken kendra kenneth kenny kent
  kerry kevin kim kimberly kip kirk kirsten krista kristen kristi kristin kristina kristy kurt kyle lakeisha lamar lana
  lance lara larry latasha latoya laura lauren laurie lawrence leah lee leigh leila leland lena leo leon leona leonard
  leonardo leonor leroy leslie leticia lewis liam lila lillian lillie lily lina linda lindsay lindsey lisa liz lloyd
  lois lola lonnie lora loren lorena lorenzo loretta lori lorraine lottie lou louis louise lourdes lucas lucia lucille
  lucinda lucy luis luisa luke lupe lupita luther luz lydia lyle lynda lynette lynn mabel mable mack madeline madison
  mae maggie malcolm malik mandy manuel manuela marc marcela marcia marco marcos marcus margaret margarita marge margie
  margot marguerite maria mariah marian mariana marianne maribel marie marilyn marina mario marion marisa marisol
  marissa marjorie mark marlene marlon marsha marta martha martin marty martina marvin mary maryann mateo matilda matt
  matthew mattie maureen maurice max maxine may maya megan mel melanie melba melinda melissa melody melvin mercedes
  meredith merle mia micah michael micheal michele michelle miguel mike mila mildred miles millie milton mindy minnie
  miranda miriam misty mitch mitchell moises molly mona monica monique monte morgan morris moses muriel myra myrna
  myrtle nadia nadine nancy naomi natalia natalie natasha nathan nathaniel neal neil nell nellie nelson nettie nicholas
  nick nicolas nicole nikki nina noah noel noelle nora norma norman octavia octavio odell ofelia olga olive oliver
  olivia ollie omar opal ophelia ora orlando orville oscar osvaldo otis owen pablo paige paloma pam pamela pat patrica
  patrice patricia patrick patsy patti patty paul paula paulette pauline paulo pearl pedro peggy penelope penny percy
  perla perry pete peter petra phil philip phillip phoebe phyllis pierce pilar polly porter preston priscilla priya
  quentin quincy rachel rafael ralph ramiro ramon ramona randall randolph randy raquel raul raven ray raymond rebecca
  regina reginald rena rene renee reuben rex reyna rhonda ricardo rich richard rick rickey ricky riley rita rob robbie
  robert roberta roberto robin rocio roderick rodney rodolfo rodrigo rogelio roger roland rolando roman ron ronald ronda
  ronnie roosevelt rosa rosalie rosalind rosario rose rosemarie rosemary rosetta rosie ross roxanne roy ruben ruby rudy
  rufus russell rusty ruth ryan sabrina sadie sally salvador salvatore sam samantha sammy samuel sandra sandy santiago
  sara sarah sasha saul savannah scott sean selena sergio seth shana shane shannon shari sharon shaun shauna shawn sheila
  shelby sheldon shelia shelley shelly sheri sherman sherri sherry sheryl shirley sid sidney sierra silvia simon simone
  socorro sofia soledad sondra sonia sonja sonya sophia sophie spencer stacey stacie stacy stan stanley stella stephan
  stephanie stephen steve steven stewart stuart sue summer susan susana susanne susie suzanne sylvester sylvia tabitha
  tamara tami tamika tammy tania tanya tara tasha tatiana taylor ted terence teresa teri terrance terrell terrence terri
  terry thelma theo theodora theodore theresa thomas tiffany tim timothy tina toby todd tom tomas tommie tommy toni tony
  tonya tracey traci tracie tracy travis trent trevor trey tricia trina trinidad trisha tristan troy tyler tyrone ulysses
  ursula valentina valerie vanessa velma vera verna vernon veronica vicente vicki vickie vicky victor victoria vince
  vincent viola violet virgil virginia vivian vladimir wade wallace walter wanda warren wayne wendell wendy wesley
  whitney wilbert wilbur wilfred will willa willard william willie willis wilma winifred winston wyatt xavier ximena
  xiomara yadira yesenia yolanda yvette yvonne zachary zelda zoe
  aaliyah aarav abdul abe abdullah ahmed ainsley akira alejandra ali alina amara amari amit anika anil anya araceli arjun
  arlo aurelio ayesha beau bentley beto bo bobbi boyd braden brayden brianna brody brooke brooklyn bryson buck bud buddy
  camden carmelo carson cassidy chantal chidi chuy ciara clementine colby colton cooper dalton damien deepak deja delbert
  delroy demarcus denny devin devon dimitri dmitri domingo donnie dorian dot dottie dusty efrain elmo eloy emerson emery
  enid esme ethel ezekiel farid fay fern finn flo fran gage garth genaro gideon gil gilda giovanni giselle grayson graciela
  guido hal hank harley hassan hernan hilary hiroshi hoyt hunter hussein ibrahim ike isadora isidro itzel jaclyn jada
  janine javon jaylen jeb jed jeffry jenifer jim joaquin jonah jonas jorge josefa joshua jovan jude juana judd jules kaleb
  kamala karina kaye keegan keira kelvin kenji keri khalid kieran kit kwame kyla kyra landon laney lalo larissa latisha
  lavonne layla lazaro leandro leif lenny leonel leopoldo levi lex liam linh lindy liza logan lonny loyd lula lulu luna
  mackenzie magda maisie makayla marcelo margo maritza marla marquis marta mason mathew maude mauricio maxwell mei merritt
  micaela milan milo minh moe mohamed mohammad mohammed muhammad murray nadine nan nate ned neha nestor nettie ngozi nguyen
  nigel nikolai odette odessa oksana olu osborne pablo paco parker patience payton pearlie peg pepe peyton pierre polly
  pooja porfirio quinn raj ramsey rashad rasheed ravi raymundo reagan reba reed reggie remedios reyes rhett rhoda rhys
  rigoberto rigo rogelio roland roma rosalinda rosalyn roscoe rowan roz rubin ruthie sage salma sanjay santos saundra selma
  sergei serena shanice shawna shea sheena silas skip skylar sonny soren stefan stefanie stuart sunita susie svetlana tad
  talia tamra tanisha tariq terrie thaddeus thad theresa thu tia tish tobias toya tran trish trudy tucker tunde tyrell
  ulises val valeria vaughn veda vern vijay vikram vince viviana waldo walker walt wei wes weston wilfredo wiley woody
  yasmin yesica yuki yusuf yvonne zach zack zane zoey zora
`);

/** Given names that are ordinary words when they are written small: "will call", "rose bushes", "bill him". */
export const wordsWhenSmall = setOf(`
  al april art august ava bill brandy chase chance chuck clay crystal daisy dale dallas dawn dean don drew earnest faith
  frank gene ginger grace grant guy hazel holly hope iris ivy jack jade jay jean joy june lance lily mark may max miles
  beau bo bud buddy buck cooper dot dusty fern flo hunter kit levi logan mason parker patience reed rowan sage skip sonny thu tran tucker
  val walker woody misty morgan olive opal pat pearl penny perry pierce porter ray raven rich rob robin rose ruby rusty sandy summer van
  violet wade will
`);

/** Written before a name and kept with it. */
export const titles = setOf('mr mrs ms miss mx dr sr sra srta');

/** Small words inside names: de la Cruz, van der Berg. */
export const particles = setOf('de del la las los da das dos di du van von der den ter le y san santa bin');

/** A name with one of these is a firm, a church, a school. */
export const firmWords = setOf(`
  academy agency animal apartments apts associates association auto automotive bakery bank baptist barber bistro books
  bookstore boutique brewery brothers builders cafe catering catholic center centre chapel chiropractic church
  clinic club co coffee college company condominiums construction contracting contractors corp corporation cottages
  council county daycare deli dental dentistry department depot design designs diner diocese electric elementary
  enterprises express federal outfitters farm farms fitness florist foundation freight furniture garage gallery grill grocery group gym
  hall hardware hoa holdings homes hospital hotel hotels hvac inc inn institute insurance investments jewelers kitchen
  landscaping law lawn library llc llp lodge logistics lounge ltd management manufacturing market marketing media
  medical methodist ministries mortgage motel motors museum nursery office optical orthodontics painting partners
  pediatrics pets pharmacy photography pianos pizza pllc plumbing preschool presbyterian properties realty remodeling
  rental rentals repair residence resort restaurant roofing salon saloon school schools security services shop shoppes
  solutions spa sports station steakhouse storage store studio studios suites supply systems tavern temple theater
  theatre towers townhomes toyota trucking university veterinary ventures villas village works
`);

/** Words behind names of streets and places: `Kristin Lane` may be a woman, `Maple Lane` is not. */
export const placeWords = setOf(`
  alley ave avenue bend blvd boulevard bridge circle cir city court ct cove creek crossing dr drive estates falls
  garden gardens glen grove heights hill hills hollow highway hwy lake lakes landing lane ln loop mountain mt park
  parkway pike pkwy place plaza point pointe ranch rd ridge river road row run shores springs sq square st street
  subdivision ter terrace trace trail trl valley view way woods
`);

/** Of those the ones many people are called by. */
export const placeFamilyNames = setOf('glen grove hill lake lane park pike woods');

/** Words of the trade, of the calendar and of every letter: no name is made of them. */
export const ordinaryWords = setOf(`
  a about above across address after afternoon afternoons again ago all almost already also always am an and another any
  anybody anymore anyone anything anyway apartment appointment appreciate are area around arrived as asap ask asked
  asking asks at attached attn available away awful baby back bad badly balcony based basement basically bath be because
  bed bedroom been before began behind being below best better between bid big bigger biweekly black bless blue book
  booked booking both bottom box brick bring brown budget building bungalow business busy but buy by bye call callback
  called caller calling calls came can cancel cannot cant car card care case cash cat cats ceiling cell central chandelier
  chandeliers change charge cheap check christmas church city clean cleaned cleaner cleaners cleanin cleaning client close
  closed closing code cold comes come coming comment comments commercial company complete confirm contact contacted
  corner cost could couldnt couple cover covered current curious customer daily dark date daughter day days de dead deal
  dear december deck details did didnt difficult dirt dirty direct discount dock dog dogs doing done dont door doors
  double down downstairs driveway driving dryer due during dusty each earlier early easter east easy either elderly else
  email emailed emails emergency empty end english enough entry est estimate estimates evening evenings ever every
  everybody everyone everything exactly existing ext exterior external extra facebook facilities fall family far farmers
  fast father february feel feet fence few fifty filled filthy final find fine finish first five fixed flexible floor
  floors flyer following for forgot form forty forward foot found four foyer free freeway fri friday friend friendly
  from front full furniture furthermore garage gate gave gentleman get gets getting girl give given glass go god goes
  going gone good google got gotta great green greetings grey gray ground guard guards guest guests gutter gutters guys
  had half hall hand happy hard has have havent having he heard hello help her here hers hey hi high highway him his
  hola holiday holidays holler home homeowner homes hoping hot hour hours house houses how howdy however huge hung husband
  i if ill im immediately important in inbound include included including info inquiry inquiring inside instagram int
  interested interior internal into invoice iphone is isnt it its itll ive january job july just keep key kids kind
  kindly kitchen know ladder lady lake landlord landline large last late later lead leads leave leaves left less let
  lets letter level license light lights like line listing little live lives living located location lol long look
  looked looking looks lot lots love loved low lower lunch mail main maint maintenance make male man manager mom
  many march married master maybe me mean meet member mesh message messages met middle might mine mineral minutes
  mirror mirrors miss missed mobile mon monday monthly months month more morning mornings most mother move moved moving
  msg much must my name named names near need needed needing needs neighbor neighborhood neighbour never new next nice
  nextdoor night no nobody none noon nor normal north northeast northwest not note notes nothing november now number
  obviously october of off offer office ok okay old older on once one ones online only open opening option or
  order other others our ours out outdoor outside over own owner owners pack paid pane panel panels panes paint part past
  patio pay paying pays people per perfect person pet phone phoned pick picture pictures place plan planning please pls
  plus pm pollen pool porch possible power prefer preferred preferably pressure pretty price priced prices pricing private
  probably problem property provide quarterly question questions quick quickly quote quoted quotes ran rang rather re
  reach reached ready real really realtor reason receive recently recommended red referral referred regarding regards
  regular remember rent renter reply request requested requesting requests residential respond response rest return
  returned right ring rinse roof roofline room rooms rush sale same sat saturday saw say saying says schedule
  scheduled screen screened screens second see seemed seems sell seller send sender sent september service serviced
  services set several she shes shop should shower show side sides sill sills similar simple since sincerely single
  sir sister site six size skip sky skylight skylights sliding small so solar some somebody someone something son
  soon sorry sounds source south southeast southwest spanish spoke spot spots spray spring sprinkler stain stained stains
  stairs standard start started starting still stop stopped store storefront storm stories story street stuff subject sun
  sunday sunroom super supervisor sure system take taken taking talk talked tall tax team tear tel tell tenant terrible
  text texted than thank thanks thanksgiving thanx that thats the their them then there these they theyre thing things
  think third this those though three through thru thu thur thurs thursday thx til till time times tires title to today
  todo together told tomorrow tonight too took top tore torn total totally touch towards town townhouse townhome track
  tracks transcribed transcript transcription tree trees tried truck true truly try trying tue tues tuesday turn twice
  two type u uh um unable under unit until up upcoming update upper upstairs urgent us usd use used uses using usual
  usually very via visit vm voice voicemail w wait waiting walk wall wall want wanted wanting wants warm was wash washed
  washing wasnt water way we web website wed wednesday week weekday weekend weekends weekly weeks well went were west
  what whats when where which while white who whole whose why wide wife wish will window windows windws with without
  woman wondering wont word work working works would write wrote ya yall yard yeah year years yelp yellow yes yesterday
  yet yo you young your yours yourself zip angi thumbtack homeadvisor craigslist linkedin tiktok
  ext opt fyi tbd vip hoa cc bcc fwd ref asst mgr dept wk wks hrs hr mins min appt appts cust svc sq ft
  alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa
  kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
  hampshire jersey york ohio oklahoma oregon pennsylvania tennessee texas utah vermont washington
  wisconsin wyoming usa
  buenos buenas dias tardes gracias por favor el en con para una un que casa ventanas ventana limpieza llamo quiere
  necesita habla espanol senora senor nombre telefono direccion hoy manana lunes martes miercoles jueves viernes sabado
  domingo saludos soy somos mi la las los del de
`);

/** Of those the ones that are family names as well; they end a name whose given name or title is told otherwise. */
export const ordinaryFamilyNames = setOf(`
  best black brown bush case cash church clay cook cross day fields fisher fox free friend
  frost glass good gray green grey hall hand hardy house light little long love major march marsh
  may moody moss north pool porter price rich sharp shields short small snow
  south spring street strong summers wall washington waters wells west white will
  winter winters wise wood woods york young
`);
