/** How names are said, and how alike two of them are. Pure. */
import { soundOf, soundsAlike } from "../understanding/sounds.ts";
import { wordTable } from "../understanding/word-table.ts";

/** Names that are not said as they are spelled, as one would write what is said. */
// biome-ignore format: a table
const SAID = wordTable<string>({
  siobhan: "shavon", niamh: "neev", sean: "shawn", caoimhe: "keeva", aoife: "eefa", saoirse: "seersha", sinead: "shinaid", ciaran: "keeran", eoin: "owen", roisin: "rosheen",
  leigh: "lee", hugh: "hew", geoffrey: "jeffrey", stephen: "steven", phoebe: "feebee", vaughan: "vawn", yvonne: "evon", xavier: "zavier", zoe: "zoey", chloe: "clowey",
  cholmondeley: "chumley", beauchamp: "beecham", mainwaring: "mannering", marjoribanks: "marchbanks", menzies: "mingis", dalziel: "deeel", urquhart: "urkert",
  featherstonehaugh: "fanshaw", knight: "nite", wright: "rite", nguyen: "nwin", ng: "ing", hsu: "shoo", gough: "goff", keogh: "keyo", mcleod: "mccloud", moore: "more",
  geoff: "jeff", hughes: "hews", eilidh: "aylee", graeme: "gram", graham: "gram", iain: "ian", catriona: "katrina", aisha: "isha", ayesha: "isha", rhys: "reece",
  sian: "sharn", sioned: "shonned", angharad: "anharad", mhairi: "vari", fearghal: "fergal", oisin: "osheen", aine: "onya", grainne: "gronya", orla: "orla", joaquin: "wakeen",
  jose: "hosay", thijs: "tice", tomasz: "tomash", lukasz: "wukash", pawel: "pavel", michal: "meehow", agnieszka: "agneshka", malgorzata: "mawgorzata", zbigniew: "zbignyev",
  burgh: "burra", colquhoun: "cahoon", farquhar: "farker", home: "hume", milngavie: "mulguy", wemyss: "weems", ruthven: "riven", strachan: "strawn", auchinleck: "afleck",
  pepys: "peeps", villiers: "villers", wriothesley: "rizley", bough: "boff", hough: "huff", keighley: "keethley", leveson: "looson", maugham: "morm", stourton: "sturton",
});

/** As written and as said. */
const soundsOf = (word: string): string[] => {
  const plain = word.toLowerCase().replace(/[^a-z]/g, "");
  return [soundOf(plain), ...(SAID[plain] === undefined ? [] : [soundOf(SAID[plain] ?? "")])];
};

/** 0…1, by sound and by letters: "Clark" is not quite "Clarke". */
export function wordLikeness(heard: string, known: string): number {
  if (heard.toLowerCase() === known.toLowerCase()) return 1;
  const bySound = Math.max(
    ...soundsOf(heard).flatMap((ours) => soundsOf(known).map((theirs) => soundsAlike(ours, theirs))),
  );
  return bySound ** 2.2 * 0.95;
}
