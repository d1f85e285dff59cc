// Reads the multipart body, after the guard has let the person in: one file, within the limit of the tenant, or pasted rows.
// Both come to the disk, as `upload` in the answer's locals, until the request is answered. What is known to be too much before
// all of it is there is a problem of the form, `uploadProblem` there, and the rest is dropped; a broken body is refused.
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import { finalize } from 'rxjs';
import { SettingsService } from '../settings/settings.service.js';
import { environment } from '../web/environment.js';
import { EarlyLook } from './early-look.js';
import { tooManyBytes, type FileProblem } from './file-problem.js';
import { limitsOf, namesColumn } from './intake.js';
import type { ReadLimits } from './read-file.js';
import { UploadedFile } from './uploaded-file.js';

/** What the form brought. */
export interface Upload {
  /** As the browser names it; undefined for pasted rows. */
  name?: string;
  file: UploadedFile;
}

/** Pasted rows pass through memory. */
const mostPasted = 8 * 1024 * 1024;

@Injectable()
export class UploadInterceptor implements NestInterceptor {
  constructor(private readonly settings: SettingsService) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const reading = new Reading(limitsOf(await this.settings.current()));
    const locals = http.getResponse<Response>().locals;
    try {
      locals.uploadProblem = await reading.read(http.getRequest(), http.getResponse());
      locals.upload = reading.upload;
    } catch (error) {
      await reading.close();
      throw error;
    }
    return next.handle().pipe(finalize(() => void reading.close()));
  }
}

/** One request's body. */
class Reading implements multer.StorageEngine {
  upload: Upload | undefined;
  private storing: Promise<unknown> = Promise.resolve();

  constructor(private readonly mostOfFile: ReadLimits) {}

  /** Undefined when everything is within the limits. */
  async read(request: Request, response: Response): Promise<FileProblem | undefined> {
    const fileSize = this.mostOfFile.bytes;
    const fieldSize = Math.min(fileSize, mostPasted);
    const limits = { fileSize, fieldSize, files: 1, fields: 5, parts: 6 };
    const problem = await this.parts(multer({ storage: this, limits }).single('file'), request, response);
    const { rows } = (request.body ?? {}) as { rows?: unknown };
    if (!problem && !this.upload && typeof rows === 'string' && rows.trim() !== '') {
      this.upload = { file: await UploadedFile.make(environment().dataDir) };
      await this.upload.file.add(Buffer.from(rows, 'utf8'));
    }
    return problem;
  }

  async close(): Promise<void> {
    // A request that broke off may still be writing.
    await this.storing;
    await this.upload?.file.close();
    this.upload = undefined;
  }

  _handleFile(
    _request: Request,
    part: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    this.storing = this.store(part).then(
      () => done(null, {}),
      (error: unknown) => done(error),
    );
  }

  // Closed with everything else when the request is answered.
  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }

  private async store(part: Express.Multer.File): Promise<void> {
    const file = await UploadedFile.make(environment().dataDir);
    this.upload = { name: part.originalname, file };
    // What the person wants of a file with an open quotation mark may come behind it.
    const options = { namesField: namesColumn, untilOpenQuote: true, limits: this.mostOfFile };
    const look = new EarlyLook(file, options);
    let problem: FileProblem | undefined;
    for await (const piece of part.stream as AsyncIterable<Buffer>) {
      await file.add(piece);
      problem = await look.push(piece);
      if (problem) break;
    }
    problem ??= look.end();
    if (problem) throw new Refused(problem);
  }

  private parts(
    upload: ReturnType<multer.Multer['single']>,
    request: Request,
    response: Response,
  ): Promise<FileProblem | undefined> {
    return new Promise((resolve, reject) => {
      upload(request, response, (error: unknown) => {
        if (!error) return resolve(undefined);
        if (error instanceof Refused) return resolve(error.problem);
        const code = error instanceof multer.MulterError ? error.code : '';
        if (code === 'LIMIT_FILE_SIZE') return resolve(tooManyBytes(this.mostOfFile.bytes));
        if (code === 'LIMIT_FIELD_VALUE')
          return resolve(tooManyBytes(Math.min(this.mostOfFile.bytes, mostPasted)));
        // What the disk says is no fault of the body.
        const isOfDisk = (error as NodeJS.ErrnoException).syscall !== undefined;
        return reject(isOfDisk ? (error as Error) : Object.assign(error as Error, { status: 400 }));
      });
    });
  }
}

/** Tells multer to drop the rest of the body. */
class Refused extends Error {
  constructor(readonly problem: FileProblem) {
    super(problem.code);
  }
}
