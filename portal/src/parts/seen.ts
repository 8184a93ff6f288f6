import { useState } from 'react';

/**
 * What a form was opened on. The page refreshes itself under it; the form changes what was looked at or nothing, so that
 * somebody else's later change is not overwritten unseen.
 */
export const useSeen = <T>(one: T): T => useState(one)[0];
