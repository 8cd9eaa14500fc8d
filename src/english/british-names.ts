/** British names that are said otherwise than written, for an agency to choose from. Facts of common knowledge, respelt here. */
import type { Pronunciation } from "./pronunciations.ts";

// biome-ignore format: a table
const said: readonly (readonly [written: string, said: string])[] = [
  ["Alnwick", "annick"], ["Althorp", "awltrup"], ["Barnoldswick", "barlick"], ["Beaulieu", "bewley"],
  ["Belvoir", "beaver"], ["Bicester", "bister"], ["Bosham", "bozzum"], ["Cholmondeley", "chumley"],
  ["Cirencester", "siren sester"], ["Cockburn", "coburn"], ["Culross", "cure oss"], ["Culzean", "cull ane"],
  ["Daventry", "daven tree"], ["Derby", "darby"], ["Fowey", "foy"], ["Frome", "froom"],
  ["Gloucester", "gloster"], ["Godmanchester", "godman chester"], ["Greenwich", "grennitch"], ["Happisburgh", "haze bruh"],
  ["Harwich", "harritch"], ["Holborn", "hoe bun"], ["Hunstanton", "hunston"], ["Kirkcudbright", "kir coo bree"],
  ["Launceston", "lawn ston"], ["Leicester", "lester"], ["Leominster", "lemster"], ["Loughborough", "luff bruh"],
  ["Magdalen", "mawdlin"], ["Marylebone", "marly bun"], ["Menzies", "mingis"], ["Milngavie", "mull guy"],
  ["Mousehole", "mowzle"], ["Norwich", "norritch"], ["Plaistow", "plar stow"], ["Reading", "redding"],
  ["Rievaulx", "ree voe"], ["Ruislip", "rye slip"], ["Salisbury", "sawls bree"], ["Shrewsbury", "shrows bree"],
  ["Slaithwaite", "slow wit"], ["Southwark", "suthuck"], ["Southwell", "suthell"], ["St John", "sin jun"],
  ["Thame", "tame"], ["Theydon Bois", "they don boys"], ["Towcester", "toaster"], ["Warwick", "worrick"],
  ["Woolfardisworthy", "wool zery"], ["Worcester", "wooster"], ["Wymondham", "windum"], ["Woolwich", "woolitch"],
];

export const britishNames: readonly Pronunciation[] = said.map(([written, respelt]) => ({
  written,
  kind: "respelling",
  said: respelt,
}));
