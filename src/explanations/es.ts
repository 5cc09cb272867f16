/** Explanations in Spanish: what happened, what to do. For a reader who has never seen SMTP. */
import type { Explanations } from "./shape.ts";

export const SPANISH: Explanations = {
  mailbox_unknown: [
    "No existe ningún buzón con esta dirección.",
    "Quite la dirección de su lista o pida a la persona la correcta.",
  ],
  domain_unknown: [
    "La parte después de la @ no es un dominio que exista.",
    "Busque un error de escritura y quite la dirección si no lo encuentra.",
  ],
  domain_no_mail: [
    "El dominio de esta dirección existe, pero no acepta correo.",
    "Quite la dirección o pida otra a la persona.",
  ],
  address_syntax: [
    "La dirección está mal escrita, así que no puede ser de nadie.",
    "Corrija el error de escritura o quite la dirección.",
  ],
  address_moved: [
    "La persona dejó este buzón, que ya no acepta correo.",
    "Quite la dirección y use la nueva si la respuesta la indica.",
  ],
  owner_changed: [
    "El buzón o su dominio pertenece ahora a otra persona.",
    "Quite la dirección, porque quien se la dio ya no está ahí.",
  ],
  mailbox_disabled: [
    "El buzón existe, pero está desactivado, a menudo porque nadie lo usaba.",
    "Deje de escribir a esta dirección y pida otra a la persona.",
  ],
  mailbox_full: [
    "El buzón está lleno y no puede recibir más correo.",
    "Conserve la dirección e inténtelo dentro de unos días, o avise a la persona por otro medio.",
  ],
  recipient_other: [
    "El servidor del destinatario no pudo entregar a esta dirección y no dijo exactamente por qué.",
    "Inténtelo más tarde y revise la dirección si se repite.",
  ],
  recipient_restricted: [
    "Este destinatario solo acepta correo de ciertos remitentes, y usted no está entre ellos.",
    "Pida al destinatario o a su administrador que autorice su dirección.",
  ],
  sender_rejected: [
    "El servidor del destinatario no aceptó la dirección de remitente de su mensaje.",
    "Compruebe que su dirección está bien escrita y que su dominio puede recibir correo.",
  ],
  auth_failed: [
    "Su mensaje no pudo demostrar que viene realmente de su dominio.",
    "Haga corregir los registros SPF, DKIM y DMARC de su dominio y envíe de nuevo.",
  ],
  dns_misconfigured: [
    "El nombre de su servidor de envío no corresponde a su dirección de red.",
    "Pida a quien administra el servidor que corrija el DNS inverso y el nombre con que se presenta.",
  ],
  relay_denied: [
    "El servidor que debía entregar dice que no es responsable de este dominio.",
    "Revise la configuración de correo del dominio del destinatario y el servidor de salida que usa.",
  ],
  credentials: [
    "Su propio servidor de correo no aceptó la identificación usada para enviar.",
    "Revise el usuario, la contraseña y el método de acceso de su programa de envío.",
  ],
  account_limited: [
    "Su propio proveedor de correo ha limitado o bloqueado su cuenta de envío.",
    "Espere a que termine el límite o pida a su proveedor que lo retire.",
  ],
  not_attempted: [
    "El mensaje no se envió, porque su sistema de envío tiene esta dirección en su lista de exclusión.",
    "No hay que hacer nada, salvo que la persona vuelva a pedir correo; entonces quite la dirección de esa lista.",
  ],
  ip_reputation: [
    "El proveedor del destinatario bloquea el servidor desde el que sale su correo; la dirección no es el problema.",
    "Conserve la dirección y pida a quien administra el servidor que revise las listas de bloqueo y lo haga retirar de ellas.",
  ],
  domain_reputation: [
    "El proveedor del destinatario no confía en su dominio o en un dominio enlazado en su mensaje.",
    "Conserve la dirección, busque su dominio en las listas de bloqueo públicas y escriba solo a quien quiera su correo.",
  ],
  spam_content: [
    "El mensaje se tomó por correo no deseado a causa de su contenido.",
    "Conserve la dirección, cambie el texto y los enlaces del mensaje y envíelo de nuevo.",
  ],
  virus: [
    "El mensaje fue rechazado porque un antivirus encontró algo dañino en él.",
    "Revise los archivos adjuntos y sus equipos, y envíe el mensaje sin la parte dañina.",
  ],
  attachment_blocked: [
    "El servidor del destinatario no acepta el tipo de archivo adjunto.",
    "Envíe el archivo en otro formato o compártalo con un enlace.",
  ],
  policy: [
    "El servidor del destinatario rechazó el mensaje por una regla propia que no explica.",
    "Conserve la dirección, busque una pista en la respuesta del servidor y pregunte a su administrador si se repite.",
  ],
  rate_limited: [
    "Se envió demasiado correo en muy poco tiempo.",
    "Envíe más despacio e inténtelo más tarde; la dirección está bien.",
  ],
  greylisted: [
    "El servidor del destinatario pide a todo remitente nuevo que vuelva un poco más tarde.",
    "Envíe de nuevo pasados unos minutos; el segundo intento suele funcionar.",
  ],
  challenge_response: [
    "El destinatario usa un filtro que retiene el mensaje hasta que el remitente lo confirme.",
    "Siga el enlace o conteste la pregunta de la respuesta si el mensaje le importa.",
  ],
  message_too_large: [
    "El mensaje es más grande de lo que permite el servidor del destinatario.",
    "Reduzca los adjuntos o compártalos con un enlace, y envíe de nuevo.",
  ],
  content_invalid: [
    "El mensaje no está construido como debe estarlo un correo, y el servidor no pudo tratarlo.",
    "Haga corregir el programa que crea el mensaje y envíe de nuevo.",
  ],
  i18n_unsupported: [
    "El mensaje usa en una dirección o cabecera caracteres que el servidor del destinatario no admite.",
    "Use una dirección con letras latinas simples o pida una al destinatario.",
  ],
  protocol_error: [
    "Los dos servidores de correo no se entendieron.",
    "Pida al administrador de su servidor de envío que mire el registro.",
  ],
  too_many_recipients: [
    "El mensaje se envió a demasiados destinatarios a la vez.",
    "Envíelo de nuevo en grupos más pequeños.",
  ],
  security_required: [
    "La conexión no era tan segura como exige uno de los dos servidores.",
    "Pida al administrador de su servidor de envío que revise la configuración de TLS y los certificados.",
  ],
  connection_failed: [
    "No se pudo llegar al servidor del destinatario.",
    "Inténtelo más tarde; si dura días, compruebe que el dominio sigue en uso.",
  ],
  dns_failure: [
    "No se pudo localizar el servidor del destinatario, porque el directorio de nombres de dominio no respondió.",
    "Inténtelo más tarde y revise el dominio si se repite.",
  ],
  routing_error: [
    "No se encontró ningún camino al servidor del destinatario.",
    "Revise cómo está escrito el dominio y pregunte a su administrador si es correcto.",
  ],
  routing_loop: [
    "El mensaje dio vueltas entre servidores hasta que se abandonó.",
    "Avise al administrador del destinatario, porque un reenvío suyo apunta a sí mismo.",
  ],
  expired: [
    "El mensaje no se pudo entregar durante días, y los intentos han terminado.",
    "Envíelo más tarde o contacte con la persona por otro medio.",
  ],
  system_full: [
    "El servidor del destinatario no tiene espacio de almacenamiento.",
    "Conserve la dirección e inténtelo más tarde.",
  ],
  system_unavailable: [
    "El servidor del destinatario está saturado o en mantenimiento.",
    "Inténtelo más tarde; la dirección está bien.",
  ],
  system_error: [
    "El servidor del destinatario tiene una avería propia.",
    "Inténtelo más tarde y avise al administrador del destinatario si continúa.",
  ],
  complaint: ["El destinatario marcó su mensaje como no deseado.", "Deje de escribir a esta dirección de inmediato."],
  unsubscribe: ["El destinatario ya no quiere recibir este correo.", "Quite la dirección de la lista."],
  auto_reply: [
    "Esta es una respuesta automática, como un aviso de ausencia; el mensaje fue entregado.",
    "No hay que hacer nada.",
  ],
  other_info: ["Este es un aviso sobre su mensaje y no un fallo.", "No hay que hacer nada."],
  delivered: ["El mensaje fue entregado.", "No hay que hacer nada."],
  unknown: [
    "El mensaje fue devuelto, y la respuesta no dice claramente por qué.",
    "Lea la respuesta del servidor y conserve la dirección mientras no se repita.",
  ],
};
