import { z } from 'zod';
import { instant, json, localDate, pageOf, pageQuery } from './common';

export const guideSummary = z
  .object({
    name: z.string(),
    version: z.int(),
    set: z.string().meta({ example: '850' }),
    release: z.string().meta({ description: 'GS08', example: '004010VICS' }),
    title: z.string(),
    effectiveFrom: localDate,
    effectiveUntil: localDate.nullable(),
    savedBy: z.string(),
    savedAt: instant,
  })
  .meta({ id: 'GuideSummary' });
export type GuideSummaryView = z.infer<typeof guideSummary>;

export const guide = guideSummary
  .extend({
    body: json,
    versions: z.array(guideSummary).meta({ description: 'All of them, the latest first' }),
  })
  .meta({ id: 'Guide' });
export type GuideView = z.infer<typeof guide>;

export const guidePage = pageOf(guideSummary, 'GuidePage');
export const listGuidesQuery = z.object({ ...pageQuery });
export const showGuideQuery = z.object({
  version: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .meta({ description: 'The latest where it is left out' }),
});

const guideBody = json.meta({
  description: 'The guide: data over the standard, see docs/operations/guides.md',
});
export const checkGuideBody = z.strictObject({ guide: guideBody }).meta({ id: 'GuideToCheck' });
export const saveGuideBody = z
  .strictObject({
    guide: guideBody,
    effectiveFrom: localDate
      .optional()
      .meta({ description: "The partner's day; today where it is left out" }),
    effectiveUntil: localDate.nullable().optional(),
  })
  .meta({ id: 'GuideToSave' });

export const guideCheck = z
  .object({
    valid: z.boolean(),
    problems: z.array(z.object({ where: z.string(), text: z.string() })),
  })
  .meta({ id: 'GuideCheck' });

export const assignGuideBody = z
  .strictObject({
    agreementId: z.string().min(1).max(100),
    direction: z.enum(['in', 'out']),
    set: z.string().regex(/^\d{3}$/),
    guide: z.string().max(60).nullable().meta({ description: 'null: by the standard alone' }),
  })
  .meta({ id: 'GuideAssignment' });
