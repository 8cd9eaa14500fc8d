/** Surnames that many people in Britain have: what a badly heard spelling more likely was than a name nobody has. */
export const commonSurnames: readonly string[] = (
  "smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white roberts green hall wood jackson clarke patel khan lewis james phillips " +
  "mason mitchell rose davis rodriguez cox alexander hughes edwards hill moore clark harrison scott young morris cooper ward turner martin lee anderson watson morgan allen baker " +
  "harris king bailey miller collins bell shaw murphy adams campbell richardson simpson parker marshall carter cook kelly begum ali gray ahmed hussain singh bennett foster griffiths " +
  "stevens stevenson stephenson price butler kaur holmes rogers hunt palmer mills lloyd chapman webb fisher ellis barnes knight russell hamilton graham mcdonald macdonald stewart murray wallace " +
  "reid ross paterson patterson robertson thomson ferguson grant fraser kerr duncan burns gordon henderson johnston hunter cameron mackenzie mckenzie mackay sinclair sutherland craig douglas " +
  "jenkins powell owen rees thomas hopkins pritchard parry bevan howells watkins vaughan lloyd llewellyn perry o'neill o'connor o'brien o'sullivan doherty gallagher byrne ryan walsh kennedy " +
  "lynch quinn mccarthy mclaughlin mcleod mccann fletcher gibson howard andrews elliott reynolds fox ford saunders payne gibbs francis day pearce pearson dixon lawrence spencer hart cole jordan " +
  "wells barker hawkins armstrong wheeler carr lane nicholson nicholls west newton burton harvey fuller bradley bishop lawson hudson matthews rowe walters bird stone cross barrett atkinson " +
  "thornton whitehead whittaker hargreaves ashworth schofield sykes hirst booth barlow greenwood sutcliffe crossley kershaw ogden holt haigh ramsden dawson walton barton norton sutton hilton " +
  "ainsworth bartholomew featherstone winterbottom ramsbottom osborne osborn tomlinson robson hutchinson hodgson dobson gibbons simmons simmonds symonds burgess bryant chambers davidson " +
  "coleman curtis dean field freeman french frost gardner gilbert goodwin gregory hammond harding hayes heath hewitt higgins hobbs hodge holland horton houghton humphreys ingram jennings " +
  "kemp kent kirk knowles lamb lowe lucas lyons marsh may mcintyre mellor middleton moran morton moss naylor nash neal newman noble nolan norman parsons peacock peters pickering poole porter potter " +
  "pratt preston pugh read reed richards riley sanders sanderson savage sharp shepherd short skinner slater steele storey summers swift talbot tate todd townsend tucker tyler underwood wade " +
  "warner warren waters watts weaver welch weston wheatley wilkins wilkinson willis winter woods woodward wyatt yates chowdhury hussein iqbal malik mahmood miah rahman shah sharma kumar nguyen " +
  "chan wong li wang kowalski nowak kaminski lewandowski wisniewski szymanski zielinski ivanov popescu silva santos fernandes pereira costa garcia lopez adeyemi okafor mensah owusu mohamed osman"
).split(" ");
