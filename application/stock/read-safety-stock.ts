import type { Db } from '../../db/connection';
import type { SafetyRules } from '../../domain/allocation/safety-stock';
import { readRules } from '../rules/read-rules';
import type { Rule } from '../rules/rule-kind';
import { safetyStockRule } from '../rules/safety-stock';

export const asSafetyRules = (rules: readonly Rule<{ readonly units: number }>[]): SafetyRules =>
  new Map(rules.map(({ scope, version, body }) => [scope, { units: body.units, version }]));

export const readSafetyRules = async (db: Db): Promise<SafetyRules> =>
  asSafetyRules(await readRules(db, safetyStockRule));
