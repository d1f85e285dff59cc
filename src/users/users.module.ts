import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User, UserGroup, UserRole } from './user.entity.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([User, UserRole, UserGroup])],
  providers: [UsersService],
  exports: [UsersService],
})
export class UsersModule {}
