import { decodeJwt, type JWTPayload } from 'jose';
