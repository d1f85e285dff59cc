import { Controller, Get, Query, Render } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { SearchEverything } from './search-everything.js';

class SearchQuery {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

@Controller('search')
export class SearchController {
  constructor(private readonly search: SearchEverything) {}

  @Get()
  @Allow('signed-in')
  @Render('search/results')
  async results(@Query() { q }: SearchQuery, @Signed() person: SignedIn) {
    const text = (q ?? '').replace(/\p{Cc}/gu, ' ').trim();
    return { title: 'Search', text, kinds: text ? await this.search.find(text, person) : [] };
  }
}
