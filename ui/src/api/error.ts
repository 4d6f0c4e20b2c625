import type { ApiError, ErrorCode, LoginProblem, ProfileProblem } from './generated'

/** A call that failed; its words are `error.<code>`. `offline` is ours: the core itself did not answer. */
export class CallError extends Error {
  override name = 'CallError'
  constructor(
    readonly code: ErrorCode | 'offline',
    readonly problem: ProfileProblem | null = null,
    readonly login: LoginProblem | null = null,
  ) {
    super(code)
  }

  static from(thrown: unknown): CallError {
    if (thrown instanceof CallError) return thrown
    if (isApiError(thrown)) return new CallError(thrown.code, thrown.problem, thrown.login)
    return new CallError('offline')
  }
}

function isApiError(thrown: unknown): thrown is ApiError {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
}
