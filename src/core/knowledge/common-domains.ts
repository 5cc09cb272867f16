/** Domains at which many people have their mailbox, the most common first: what a mistyped domain may have meant. */
const LISTED = `
  gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com live.com msn.com googlemail.com ymail.com me.com mac.com
  mail.com proton.me protonmail.com rocketmail.com fastmail.com zoho.com tutanota.com hey.com
  gmx.de web.de t-online.de freenet.de yahoo.de hotmail.de outlook.de live.de arcor.de posteo.de mailbox.org gmx.net
  gmx.at gmx.ch gmx.com bluewin.ch hispeed.ch aon.at chello.at
  orange.fr wanadoo.fr free.fr sfr.fr laposte.net yahoo.fr hotmail.fr outlook.fr live.fr neuf.fr bbox.fr numericable.fr
  hotmail.co.uk yahoo.co.uk btinternet.com live.co.uk outlook.co.uk sky.com virginmedia.com talktalk.net ntlworld.com
  blueyonder.co.uk
  libero.it virgilio.it tiscali.it alice.it tim.it hotmail.it yahoo.it live.it outlook.it tin.it fastwebnet.it
  hotmail.es yahoo.es outlook.es live.es telefonica.net terra.es
  uol.com.br bol.com.br terra.com.br hotmail.com.br yahoo.com.br outlook.com.br globo.com ig.com.br
  yahoo.com.ar hotmail.com.ar yahoo.com.mx live.com.mx outlook.com.ar prodigy.net.mx
  sapo.pt hotmail.pt
  ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl live.nl hotmail.nl upcmail.nl outlook.nl home.nl
  telenet.be skynet.be proximus.be hotmail.be outlook.be live.be
  telia.com hotmail.se live.se outlook.se yahoo.se hotmail.no live.no online.no hotmail.dk live.dk outlook.dk
  hotmail.fi luukku.com
  wp.pl o2.pl interia.pl onet.pl gazeta.pl poczta.onet.pl vp.pl op.pl tlen.pl
  seznam.cz email.cz centrum.cz post.cz volny.cz azet.sk centrum.sk zoznam.sk
  freemail.hu citromail.hu abv.bg mail.bg
  mail.ru yandex.ru bk.ru list.ru inbox.ru rambler.ru yandex.com ya.ru ukr.net i.ua
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net
  frontier.com juno.com roadrunner.com windstream.net
  yahoo.ca hotmail.ca live.ca outlook.ca rogers.com shaw.ca sympatico.ca telus.net videotron.ca bell.net
  bigpond.com bigpond.net.au optusnet.com.au yahoo.com.au hotmail.com.au live.com.au outlook.com.au
  xtra.co.nz
  yahoo.co.in rediffmail.com yahoo.in outlook.in hotmail.co.in
  yahoo.co.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp au.com nifty.com
  naver.com hanmail.net daum.net nate.com
  qq.com 163.com 126.com sina.com sohu.com foxmail.com yeah.net aliyun.com 139.com
  yahoo.com.tw hotmail.com.tw yahoo.com.hk yahoo.com.sg yahoo.co.id yahoo.com.ph yahoo.com.vn yahoo.co.th hotmail.co.th
  yahoo.gr hotmail.gr yahoo.ro yahoo.com.tr hotmail.com.tr
  walla.co.il walla.com netvision.net.il
`;

export const COMMON_DOMAINS: readonly string[] = LISTED.trim().split(/\s+/);
