/** British names that are said otherwise than written, for an agency to choose from. Facts of common knowledge, written down here. */
import type { Pronunciation } from "./pronunciations.ts";

/** In other spelling where English spelling can do it, else in IPA. */
// biome-ignore format: a table
const said: readonly (readonly [written: string, said: string])[] = [
  ["Alnwick", "annick"], ["Althorp", "awltrup"], ["Barnoldswick", "barlick"], ["Beaulieu", "/ˈbjuːli/"],
  ["Belvoir", "beaver"], ["Bicester", "bister"], ["Bosham", "bozzum"], ["Cholmondeley", "chumley"],
  ["Cockburn", "/ˈkəʊbən/"], ["Culross", "/ˈkuːrɒs/"], ["Culzean", "/kʌˈleɪn/"], ["Derby", "darby"],
  ["Fowey", "foy"], ["Frome", "froom"], ["Gloucester", "gloster"], ["Greenwich", "grennitch"],
  ["Happisburgh", "/ˈheɪzbrə/"], ["Harwich", "harritch"], ["Holborn", "/ˈhəʊbən/"], ["Hunstanton", "hunston"],
  ["Kirkcudbright", "/kɜːˈkuːbri/"], ["Launceston", "/ˈlɔːnstən/"], ["Leicester", "lester"], ["Leominster", "lemster"],
  ["Loughborough", "/ˈlʌfbrə/"], ["Magdalen", "mawdlin"], ["Marylebone", "/ˈmɑːlɪbən/"], ["Menzies", "mingis"],
  ["Milngavie", "/mʌlˈɡaɪ/"], ["Mousehole", "/ˈmaʊzəl/"], ["Norwich", "norritch"], ["Plaistow", "/ˈplɑːstəʊ/"],
  ["Reading", "redding"], ["Rievaulx", "/ˈriːvəʊ/"], ["Ruislip", "/ˈraɪslɪp/"], ["Salisbury", "/ˈsɔːlzbri/"],
  ["Shrewsbury", "/ˈʃrəʊzbri/"], ["Southwark", "/ˈsʌðək/"], ["Southwell", "/ˈsʌðəl/"], ["Thame", "tame"],
  ["Theydon Bois", "/ˌθeɪdən ˈbɔɪz/"], ["Towcester", "toaster"], ["Warwick", "/ˈwɒrɪk/"],
  ["Woolfardisworthy", "/ˈwʊlzəri/"], ["Woolwich", "woolitch"], ["Worcester", "/ˈwʊstə/"], ["Wymondham", "windum"],
];

export const britishNames: readonly Pronunciation[] = said.map(([written, how]) => ({
  written,
  kind: how.startsWith("/") ? "phonemes" : "respelling",
  said: how,
}));
