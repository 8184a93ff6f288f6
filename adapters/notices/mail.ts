import type { Transporter } from 'nodemailer';
import type { NoticePort } from '../../domain/order/notices';
import type { NoticeSettings } from './client';

export interface MailSettings {
  /** smtp://user:password@host:port, or smtps://: a mail server that takes mail for anybody. */
  readonly url: string;
  /** `Name <address>` or an address. */
  readonly from: string;
  /** Mail leaves with TLS, or not at all. */
  readonly requireTls: boolean;
}

type Mailer = typeof import('nodemailer');

/** One plain text mail a notice. A repetition has the same Message-ID, by which mail systems know it. */
export function createMail(
  { url, from, requireTls }: MailSettings,
  { publicUrl, timeoutMs }: Pick<NoticeSettings, 'publicUrl' | 'timeoutMs'>,
): NoticePort & { readonly close: () => void } {
  let transport: Transporter | null = null;
  /** With the first mail: many hubs tell nobody by mail. */
  const open = () =>
    (require('nodemailer') as Mailer).createTransport({
      url,
      requireTLS: requireTls,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  const host = new URL(publicUrl).hostname;
  return {
    send: async (notice) => {
      try {
        transport ??= open();
        await transport.sendMail({
          from,
          to: { name: '', address: notice.address },
          subject: notice.subject,
          text: `${notice.text}\n\n${publicUrl}/orders/${notice.orderId}\n`,
          messageId: `<${notice.id}@${host}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        const { responseCode, message } = error as { responseCode?: number; message: string };
        // RFC 5321 section 4.2.1: 5yz is for good; but for the login, which somebody corrects.
        const isForGood =
          responseCode !== undefined && responseCode >= 500 && ![530, 535].includes(responseCode);
        if (isForGood)
          return { kind: 'refused', reason: `the mail server answered ${message}`.slice(0, 300) };
        throw error;
      }
    },
    close: () => transport?.close(),
  };
}
