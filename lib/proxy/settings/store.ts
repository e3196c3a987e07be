import type { StoreSettings } from './settings.js';
import type { SettingReader } from './source.js';

const usualDirectory = 'device-flow-proxy';

/** The address of the database from the PHP server's variables. */
function uriFromParts(reader: SettingReader): string {
  const address = reader.required('databaseAddress', 'The address of the MongoDB server.');
  const port = reader.integer('databasePort', 27_017, { min: 1, max: 65_535 });
  const user = reader.text('databaseUser');
  const password = reader.text('databasePassword') ?? '';
  const credentials = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const host = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  return `mongodb://${credentials}${host}:${port}/`;
}

/** Which store, by the explicit settings, else by those of the PHP server (`DB_TYPE` and its kin). */
export function readStoreSettings(reader: SettingReader): StoreSettings {
  const uri = reader.text('mongodbUri');
  const asBefore = reader.text('databaseType')?.toLowerCase() === 'mongodb';
  const usual = uri !== undefined || asBefore ? 'mongodb' : 'embedded';
  const kind = reader.text('store') === undefined ? usual : reader.choice('store', ['embedded', 'mongodb']);
  if (kind === 'embedded') {
    if (reader.text('databaseAddress') !== undefined) {
      reader.warn('databaseType', 'only mongodb is supported; the embedded store is used instead.');
    }
    return { kind, directory: reader.text('storeDirectory') ?? usualDirectory };
  }
  const database = reader.text('databaseName');
  if (uri === undefined && !asBefore) {
    reader.problem('mongodbUri', 'missing. The address of the database, such as mongodb://localhost:27017/linky.');
    return { kind, uri: '' };
  }
  if (uri !== undefined && !/^mongodb(?:\+srv)?:\/\/\S+$/.test(uri)) {
    reader.problem('mongodbUri', 'must begin with mongodb:// or mongodb+srv://.');
  }
  return { kind, uri: uri ?? uriFromParts(reader), ...(database !== undefined && { database }) };
}
