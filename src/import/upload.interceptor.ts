// Reads the multipart body, after the guard has let the person in: one file, within the limit of the tenant. Too much of it
// is a problem of the form, `uploadProblem` in the answer's locals; a broken body is refused.
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import { SettingsService } from '../settings/settings.service.js';
import { tooManyBytes } from './file-problem.js';
import { limitsOf } from './imports.service.js';

@Injectable()
export class UploadInterceptor implements NestInterceptor {
  constructor(private readonly settings: SettingsService) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const { bytes } = limitsOf(await this.settings.current());
    const limits = { fileSize: bytes, fieldSize: bytes, files: 1, fields: 5, parts: 6 };
    const upload = multer({ limits }).single('file');
    const fits = await read(upload, http.getRequest(), http.getResponse());
    if (!fits) http.getResponse<Response>().locals.uploadProblem = tooManyBytes(bytes);
    return next.handle();
  }
}

// False for a file, or pasted rows, beyond the limit.
function read(
  upload: ReturnType<multer.Multer['single']>,
  request: Request,
  response: Response,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    upload(request, response, (error: unknown) => {
      if (!error) return resolve(true);
      if (error instanceof multer.MulterError && tooLarge.has(error.code)) return resolve(false);
      return reject(Object.assign(error as Error, { status: 400 }));
    });
  });
}

const tooLarge = new Set<string>(['LIMIT_FILE_SIZE', 'LIMIT_FIELD_VALUE']);
