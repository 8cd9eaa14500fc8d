/** What Royal Mail's postcodes are made of: facts of the Programmers' Guide to the Postcode Address File. */

/** Postcode areas: a closed list. */
export const areas: ReadonlySet<string> = new Set(
  (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX " +
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN " +
    "NP NR NW OL OX PA PE PH PL PO PR QC RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW " +
    "UB W WA WC WD WF WN WR WS WV XX YO ZE"
  ).split(" "),
);

/** The inward code's letters leave out those that are easily misread. */
export const inwardLetters = "ABDEFGHJLNPQRSTUWXYZ";

/** Districts that end in a letter. */
export const lettered = /^(?:E1W|N1[CP]|W1[A-HJKPSTUW]|EC[1-4][AMNPRVY]|NW1W|SE1P|SW1[AEHPVWXY]|WC[12][ABEHNRVX])$/;
