import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Database, claimSqliteFile } from './database.js';
import { engine, writerOptions } from './options.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => {
        const options = writerOptions();
        if (engine() === 'sqlite') claimSqliteFile();
        return { ...options, autoLoadEntities: true, retryAttempts: 0 };
      },
    }),
  ],
  providers: [Database],
  exports: [Database],
})
export class DatabaseModule {}
