/** Explanations in French: what happened, what to do. For a reader who has never seen SMTP. */
import type { Explanations } from "./shape.ts";

export const FRENCH: Explanations = {
  mailbox_unknown: [
    "Aucune boîte aux lettres ne porte cette adresse.",
    "Retirez l'adresse de votre liste ou demandez la bonne à la personne.",
  ],
  domain_unknown: [
    "La partie après le @ n'est pas un domaine qui existe.",
    "Cherchez une faute de frappe et retirez l'adresse si vous n'en trouvez pas.",
  ],
  domain_no_mail: [
    "Le domaine de cette adresse existe, mais il n'accepte aucun courrier.",
    "Retirez l'adresse ou demandez-en une autre à la personne.",
  ],
  address_syntax: [
    "L'adresse est mal écrite et ne peut donc appartenir à personne.",
    "Corrigez la faute de frappe ou retirez l'adresse.",
  ],
  address_moved: [
    "La personne a quitté cette boîte, qui n'accepte plus de courrier.",
    "Retirez l'adresse et utilisez la nouvelle si la réponse l'indique.",
  ],
  owner_changed: [
    "La boîte ou son domaine appartient désormais à quelqu'un d'autre.",
    "Retirez l'adresse, car la personne qui vous l'a donnée n'y est plus joignable.",
  ],
  mailbox_disabled: [
    "La boîte existe mais elle a été désactivée, souvent parce que personne ne s'en servait plus.",
    "N'écrivez plus à cette adresse et demandez-en une autre à la personne.",
  ],
  mailbox_full: [
    "La boîte est pleine et ne peut plus recevoir de courrier.",
    "Gardez l'adresse et réessayez dans quelques jours, ou prévenez la personne autrement.",
  ],
  recipient_other: [
    "Le serveur du destinataire n'a pas pu livrer à cette adresse et n'a pas dit exactement pourquoi.",
    "Réessayez plus tard et vérifiez l'adresse si cela se répète.",
  ],
  recipient_restricted: [
    "Ce destinataire n'accepte que le courrier de certains expéditeurs, et vous n'en faites pas partie.",
    "Demandez au destinataire ou à son administrateur d'autoriser votre adresse.",
  ],
  sender_rejected: [
    "Le serveur du destinataire n'a pas accepté l'adresse d'expéditeur de votre message.",
    "Vérifiez que votre adresse est bien écrite et que son domaine peut recevoir du courrier.",
  ],
  auth_failed: [
    "Votre message n'a pas pu prouver qu'il vient vraiment de votre domaine.",
    "Faites corriger les enregistrements SPF, DKIM et DMARC de votre domaine, puis renvoyez le message.",
  ],
  dns_misconfigured: [
    "Le nom de votre serveur d'envoi ne correspond pas à son adresse réseau.",
    "Demandez à l'exploitant du serveur de corriger son DNS inverse et le nom avec lequel il se présente.",
  ],
  relay_denied: [
    "Le serveur chargé de la livraison déclare ne pas être responsable de ce domaine.",
    "Vérifiez les réglages de messagerie du domaine du destinataire et le serveur d'envoi que vous utilisez.",
  ],
  credentials: [
    "Votre propre serveur de messagerie a refusé l'identification utilisée pour l'envoi.",
    "Vérifiez le nom d'utilisateur, le mot de passe et le mode de connexion de votre programme d'envoi.",
  ],
  account_limited: [
    "Votre propre fournisseur de messagerie a limité ou bloqué votre compte d'envoi.",
    "Attendez la fin de la limite ou demandez à votre fournisseur de la lever.",
  ],
  not_attempted: [
    "Le message n'a pas été envoyé, car cette adresse figure sur la liste d'exclusion de votre système d'envoi.",
    "Il n'y a rien à faire, sauf si la personne redemande du courrier ; retirez alors l'adresse de cette liste.",
  ],
  ip_reputation: [
    "Le fournisseur du destinataire bloque le serveur qui envoie votre courrier ; l'adresse n'est pas en cause.",
    "Gardez l'adresse et demandez à l'exploitant du serveur de vérifier les listes de blocage et de l'en faire retirer.",
  ],
  domain_reputation: [
    "Le fournisseur du destinataire se méfie de votre domaine ou d'un domaine cité dans votre message.",
    "Gardez l'adresse, cherchez votre domaine dans les listes de blocage publiques et n'écrivez qu'à ceux qui le souhaitent.",
  ],
  spam_content: [
    "Le message a été pris pour du courrier indésirable à cause de son contenu.",
    "Gardez l'adresse, modifiez le texte et les liens du message, puis renvoyez-le.",
  ],
  virus: [
    "Le message a été refusé parce qu'un antivirus y a trouvé un élément dangereux.",
    "Vérifiez les pièces jointes et vos ordinateurs, puis renvoyez le message sans cet élément.",
  ],
  attachment_blocked: [
    "Le serveur du destinataire n'accepte pas le type de fichier joint.",
    "Envoyez le fichier dans un autre format ou partagez-le par un lien.",
  ],
  policy: [
    "Le serveur du destinataire a refusé le message à cause d'une règle interne qu'il n'explique pas.",
    "Gardez l'adresse, cherchez un indice dans la réponse du serveur et écrivez à son administrateur si cela se répète.",
  ],
  rate_limited: [
    "Trop de courrier a été envoyé en trop peu de temps.",
    "Ralentissez et réessayez plus tard ; l'adresse est bonne.",
  ],
  greylisted: [
    "Le serveur du destinataire demande à tout nouvel expéditeur de revenir un peu plus tard.",
    "Renvoyez le message après quelques minutes ; la deuxième tentative réussit presque toujours.",
  ],
  challenge_response: [
    "Le destinataire utilise un filtre qui retient le message tant que l'expéditeur ne l'a pas confirmé.",
    "Suivez le lien ou répondez à la question de la réponse si ce message compte pour vous.",
  ],
  message_too_large: [
    "Le message est plus gros que ce que permet le serveur du destinataire.",
    "Réduisez les pièces jointes ou partagez-les par un lien, puis renvoyez le message.",
  ],
  content_invalid: [
    "Le message n'est pas construit comme doit l'être un courrier, et le serveur n'a pas pu le traiter.",
    "Faites corriger le programme qui crée le message, puis renvoyez-le.",
  ],
  i18n_unsupported: [
    "Le message contient, dans une adresse ou un en-tête, des caractères que le serveur du destinataire ne sait pas traiter.",
    "Utilisez une adresse en lettres latines simples ou demandez-en une au destinataire.",
  ],
  protocol_error: [
    "Les deux serveurs de messagerie ne se sont pas compris.",
    "Demandez à l'administrateur de votre serveur d'envoi de consulter son journal.",
  ],
  too_many_recipients: [
    "Le message a été envoyé à trop de destinataires à la fois.",
    "Renvoyez-le par groupes plus petits.",
  ],
  security_required: [
    "La connexion n'était pas aussi sûre que l'exige l'un des deux serveurs.",
    "Demandez à l'administrateur de votre serveur d'envoi de vérifier ses réglages TLS et ses certificats.",
  ],
  connection_failed: [
    "Le serveur du destinataire n'a pas pu être joint.",
    "Réessayez plus tard ; si cela dure des jours, vérifiez que le domaine est encore utilisé.",
  ],
  dns_failure: [
    "Le serveur du destinataire n'a pas pu être trouvé, car l'annuaire des noms de domaine n'a pas répondu.",
    "Réessayez plus tard et vérifiez le domaine si cela se répète.",
  ],
  routing_error: [
    "Aucun chemin vers le serveur du destinataire n'a été trouvé.",
    "Vérifiez l'orthographe du domaine et écrivez à son administrateur si elle est juste.",
  ],
  routing_loop: [
    "Le message a tourné en rond entre des serveurs jusqu'à être abandonné.",
    "Prévenez l'administrateur du destinataire, car une redirection chez lui renvoie sur elle-même.",
  ],
  expired: [
    "Le message n'a pas pu être livré pendant plusieurs jours, et les tentatives ont pris fin.",
    "Renvoyez-le plus tard ou joignez la personne autrement.",
  ],
  system_full: [
    "Le serveur du destinataire n'a plus d'espace de stockage.",
    "Gardez l'adresse et réessayez plus tard.",
  ],
  system_unavailable: [
    "Le serveur du destinataire est surchargé ou en maintenance.",
    "Réessayez plus tard ; l'adresse n'est pas en cause.",
  ],
  system_error: [
    "Le serveur du destinataire a lui-même une panne.",
    "Réessayez plus tard et prévenez l'administrateur du destinataire si cela dure.",
  ],
  complaint: [
    "Le destinataire a signalé votre message comme indésirable.",
    "Cessez immédiatement d'écrire à cette adresse.",
  ],
  unsubscribe: ["Le destinataire ne veut plus recevoir ce courrier.", "Retirez l'adresse de la liste."],
  auto_reply: [
    "Ceci est une réponse automatique, comme un avis d'absence ; le message a été livré.",
    "Il n'y a rien à faire.",
  ],
  other_info: ["Ceci est un avis au sujet de votre message et non un échec.", "Il n'y a rien à faire."],
  delivered: ["Le message a été livré.", "Il n'y a rien à faire."],
  unknown: [
    "Le message a été renvoyé, et la réponse ne dit pas clairement pourquoi.",
    "Lisez la réponse du serveur et gardez l'adresse tant que cela ne se répète pas.",
  ],
};
