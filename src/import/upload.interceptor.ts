// Reads the multipart body, after the guard has let the person in: one file, within the limit of the tenant.
import {
  Injectable,
  PayloadTooLargeException,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import { SettingsService } from '../settings/settings.service.js';
import { limitsOf } from './imports.service.js';

@Injectable()
export class UploadInterceptor implements NestInterceptor {
  constructor(private readonly settings: SettingsService) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const { bytes } = limitsOf(await this.settings.current());
    const limits = { fileSize: bytes, fieldSize: bytes, files: 1, fields: 5, parts: 6 };
    await read(multer({ limits }).single('file'), http.getRequest(), http.getResponse(), bytes);
    return next.handle();
  }
}

function read(
  upload: ReturnType<multer.Multer['single']>,
  request: Request,
  response: Response,
  limit: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    upload(request, response, (error: unknown) => {
      if (!error) return resolve();
      const tooLarge =
        error instanceof multer.MulterError && ['LIMIT_FILE_SIZE', 'LIMIT_FIELD_VALUE'].includes(error.code);
      reject(
        tooLarge
          ? new PayloadTooLargeException(sentence(limit))
          : Object.assign(error as Error, { status: 400 }),
      );
    });
  });
}

function sentence(limit: number): string {
  return `The file is larger than ${limit / 1024 / 1024} MB. Split it into smaller files.`;
}
