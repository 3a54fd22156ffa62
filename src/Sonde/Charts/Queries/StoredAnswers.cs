using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>Lets requests ask the store, a few at a time, and says in words when it cannot be read.</summary>
internal sealed class StoredAnswers : IDisposable
{
    /// <summary>How many may wait; each that is answered may need some ten megabytes.</summary>
    private const int MostWaiting = 100;

    private readonly SemaphoreSlim _turns = new(Math.Max(4, Environment.ProcessorCount));
    private int _waiting;

    /// <summary>Waits for its turn, then writes the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="write">
    /// Asks the store and writes. It gives another answer back, or null once it has written all of its own.
    /// </param>
    public async Task<IResult> WriteAsync(
        HttpContext context, Func<JsonAnswer, CancellationToken, Task<IResult?>> write)
    {
        if (!await TryTakeTurnAsync(context.RequestAborted))
        {
            return TypedResults.Problem("Try again later.", statusCode: 503, title: "Too many queries at a time");
        }
        using var answer = new JsonAnswer(context.Response);
        try
        {
            return await write(answer, context.RequestAborted) ?? Results.Empty;
        }
        catch (StoreUnavailableException error)
        {
            return Broken(context, answer, error.Message);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async ValueTask<bool> TryTakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return false;
            }
            await _turns.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static IResult Broken(HttpContext context, JsonAnswer answer, string problem)
    {
        if (!answer.HasBegun)
        {
            return TypedResults.Problem(problem, statusCode: 503, title: "The store cannot be read now");
        }
        context.Abort();   // half an answer must not look like a whole one
        return Results.Empty;
    }
}
