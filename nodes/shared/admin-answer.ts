import type { Response } from 'express';
import { asEnergyError } from '../../lib/errors.js';
import { spoken, type Texts } from './texts.js';

/** What a dialog sent. */
export type Fields = Readonly<Record<string, unknown>>;

/** What was sent, as fields; none where it is nothing of the kind. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Answers a dialog with what comes of a promise, or with status 400 and the reason in the language of the server. */
export function answer(response: Response, result: Promise<unknown>, texts: Texts): void {
  result.then(
    (reply) => response.json(reply),
    (error: unknown) => response.status(400).json({ error: spoken(asEnergyError(error), texts).message }),
  );
}
