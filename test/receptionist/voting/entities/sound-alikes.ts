/** What words are heard for, with how far apart they are. Written for the test: no table of the product is used. */

type Rivals = readonly (readonly [word: string, cost: number])[];

const WORDS = new Map<string, Map<string, number>>();

function put(one: string, other: string, cost: number): void {
  const rivals = WORDS.get(one) ?? new Map<string, number>();
  if (one !== other) rivals.set(other, Math.min(cost, rivals.get(other) ?? cost));
  WORDS.set(one, rivals);
}

/** Every two of them are taken for each other. */
function confuse(cost: number, ...sets: readonly string[]): void {
  for (const set of sets) {
    const words = set.split(" ");
    for (const one of words) for (const other of words) put(one, other, cost);
  }
}

/** One is written for the other, never the other way round. */
function writeFor(cost: number, pairs: string): void {
  for (const pair of pairs.split(" ")) {
    const [said = "", ...heard] = pair.split("=");
    for (const other of heard) put(said, other.replaceAll("_", " "), cost);
  }
}

// Letters: the e-set, the nasals, the fricatives that a telephone cuts, the a-set, the vowels.
confuse(1.9, "b d", "b p", "d t", "p t", "b v", "m n", "f s");
confuse(
  2.5,
  "b d e p v",
  "c t",
  "c z",
  "d g",
  "g t",
  "g j",
  "a h",
  "a j",
  "j k",
  "a k",
  "s x",
  "i y",
  "q u",
  "d e",
  "b e",
  "a 8",
  "p b",
);
confuse(3.2, "c e", "t 3", "c 3", "i r", "l o", "f x", "h 8", "u w", "5 i", "n l");
// Letters written as the words that they sound like.
writeFor(
  2.6,
  "b=be=bee c=see=sea d=dee g=gee i=eye j=jay k=kay=okay m=em n=en=and=an o=oh=owe p=pea=pee q=queue=cue r=are=our t=tea=tee u=you y=why f=eff h=aitch=haitch l=el s=ess x=ex a=hey=ay e=he z=zed=said w=double_u=double_you",
);
// Digits: far apart but for a few, and the words that they are written as.
confuse(4, "five nine", "one nine", "four oh", "two three", "six eight", "5 9", "oh four", "six seven", "0 4");
writeFor(2.4, "two=to=too four=for=fore one=won eight=ate three=free=tree six=sex oh=o=0 zero=0 2=to 4=for");
writeFor(4.4, "double=devil");
writeFor(3.4, "nought=not=note treble=trouble triple=tripple");
confuse(
  3,
  "thirteen thirty",
  "fourteen forty",
  "fifteen fifty",
  "sixteen sixty",
  "seventeen seventy",
  "eighteen eighty",
  "nineteen ninety",
);
confuse(
  3.4,
  "13th 30th",
  "thirteenth thirtieth",
  "first fourth",
  "fifth sixth",
  "sixth sixteenth",
  "seventh seventeenth",
  "5th 6th",
  "6th 16th",
  "nineteenth ninth",
  "tuesday thursday",
  "sunday monday",
);
confuse(
  4,
  "june july",
  "september december",
  "march may",
  "november december",
  "seventy seven",
  "sixty six",
  "eighty eight",
  "ninety nine",
  "fifty five",
);
writeFor(3, "fourth=forth eighth=aid third=thirds may=main march=marsh august=guest april=apple second=2nd");
// Names: written in the other way, or as another that sounds like them.
confuse(
  1.3,
  "steven stephen",
  "john jon",
  "sarah sara",
  "catherine katherine kathryn",
  "alan allan allen",
  "anne ann",
  "jane jayne",
  "brian bryan",
  "mark marc",
  "rachel rachael",
  "philip phillip",
  "geoffrey jeffrey",
  "ian iain",
  "lesley leslie",
  "neil neal",
  "clark clarke",
  "smith smyth",
  "reed reid read",
  "davis davies",
  "brown browne",
  "green greene",
  "thomson thompson",
  "phillips philips",
  "stewart stuart",
  "matthews mathews",
  "pierce pearce",
  "gray grey",
  "lloyd loyd",
  "moore more",
  "hughes hews",
  "wright right",
  "knight night",
  "bailey bayley",
  "taylor tailor",
  "patterson paterson",
  "chowdhury choudhury",
  "mckenzie mackenzie",
  "fraser frazer",
  "fatima fatimah",
  "doherty docherty",
  "gallagher gallaher",
  "shaw shore",
  "petrov petroff",
  "robinson robertson",
  "harrison harris",
  "walker waller",
  "isla ayla",
  "rhys reece",
  "megan meghan",
  "callum calum",
  "piotr peter",
  "llewellyn lewellyn",
  "kapoor kapur",
  "sharma charmer",
  "wisniewski vishnevsky",
  "agnieszka agneshka",
  "okafor oakafor",
  "kaminski caminsky",
);
writeFor(
  3,
  "dot=dots=dart underscore=under_score gmail=g_mail=gmale hotmail=hot_mail outlook=out_look icloud=i_cloud=eye_cloud at=and=act btinternet=bt_internet",
);

/** Any other word of letters may lose, gain or change one: names that no list has. */
function slips(word: string): Rivals {
  if (!/^[a-z]{5,}$/.test(word)) return [];
  return [
    [word.slice(0, -1), 4.2],
    [`${word}s`, 3.6],
    [word.replace(/[aeiou]/, (vowel) => (vowel === "e" ? "a" : "e")), 4],
  ];
}

const STEADY = new Set(
  "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whisky yankee zulu postcode number birth double thousand hundred nineteen twenty zero three seven eight january february april june july august september october november december quarter underscore gmail hotmail outlook icloud yahoo btinternet please thanks thank yeah spelt that's could about maybe would million pounds month correct right third fourth eighth absolutely sounds works apostrophe hyphen minus number".split(
    " ",
  ),
);

export const soundAlikes = (word: string): Rivals => [
  ...(WORDS.get(word) ?? []),
  ...(STEADY.has(word) || /^(?:.*teen|.*ty|.*day|.*th)$/.test(word) ? [] : slips(word)),
];
