import type { NoticeOutcome, NoticePort } from '../../domain/order/notices';
import { createMail, type MailSettings } from './mail';
import { createWebhooks } from './webhooks';

export interface NoticeSettings {
  /** null: nothing is set up to send mail with. */
  readonly mail: MailSettings | null;
  /** Without a trailing slash: where people look at their orders. */
  readonly publicUrl: string;
  readonly timeoutMs: number;
  readonly production: boolean;
  readonly secret: (name: string) => string | null;
}

/** People by mail, systems by webhooks. */
export function createNotices(settings: NoticeSettings): NoticePort & { readonly close: () => void } {
  const { mail: mailSettings } = settings;
  const mail = mailSettings && createMail(mailSettings, settings);
  const webhooks = createWebhooks(settings);
  const noMail = async (): Promise<NoticeOutcome> => ({
    kind: 'refused',
    reason: 'no mail server is configured: set HUB_MAIL_URL and HUB_MAIL_FROM',
  });
  return {
    send: (notice) => {
      if (notice.via === 'webhook') return webhooks.send(notice);
      return mail ? mail.send(notice) : noMail();
    },
    close: () => mail?.close(),
  };
}
