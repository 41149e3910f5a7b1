using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Http;

/// <summary>
/// Remembers the answers to creates by their <c>Idempotency-Key</c>, so that a client that heard nothing may simply ask again,
/// also after a restart.
/// </summary>
internal sealed class Idempotency(IIdempotencyStore store, ManageOptions options, TimeProvider time) : IEndpointFilter
{
    private readonly ConcurrentDictionary<string, Task> _running = new();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key) return await next(context);
        if (key.Length > 255) return Answer.Invalid([new("Idempotency-Key", "length", "Idempotency-Key must have at most 255 characters.")]);

        var call = Keys.Hash($"{http.User.Identity?.Name}\n{http.Request.Method} {http.Request.Path}\n{key}");
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Of two at once the second waits, and then finds the first one's answer.
        while (_running.GetOrAdd(call, mine.Task) is var running && running != mine.Task) await running.WaitAsync(http.RequestAborted);
        try
        {
            var (input, now) = (Fingerprint(context.Arguments), time.GetUtcNow());
            return await store.BeginAsync(call, input, now, now + options.IdempotencyLife, http.RequestAborted) is { } known
                ? Known(known, input)
                : await FirstAsync(call, context, next);
        }
        finally
        {
            _running.TryRemove(call, out _);
            mine.SetResult();
        }
    }

    private static IResult Known(IdempotentCall known, string input)
    {
        if (known.Fingerprint != input)
            return Answer.Problem(422, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used with another body. Use a new key for a new request.");
        return known.Answer is { } answer
            ? KeptAnswer.Read(answer)
            : Answer.Problem(409, "IDEMPOTENCY_UNFINISHED", "A request with this Idempotency-Key was made, but its answer was not kept: it is still running or was cut short. Look whether it took effect, then use a new key.");
    }

    private async Task<object?> FirstAsync(string call, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // A client that hangs up is the very one that asks again: what was begun for it is finished.
        for (var i = 0; i < context.Arguments.Count; i++)
            if (context.Arguments[i] is CancellationToken) context.Arguments[i] = CancellationToken.None;
        object? answer;
        try
        {
            answer = await next(context);
        }
        catch
        {
            await store.ForgetAsync(call, CancellationToken.None);
            throw;
        }

        // A refusal is not remembered: the same key may succeed once its cause is gone.
        if (answer is not IResult result || answer is IStatusCodeHttpResult { StatusCode: >= 400 })
        {
            await store.ForgetAsync(call, CancellationToken.None);
            return answer;
        }

        var kept = await KeptAnswer.TakeAsync(result, context.HttpContext);
        await store.FinishAsync(call, kept.Write(), CancellationToken.None);
        return kept;
    }

    private static string Fingerprint(IList<object?> arguments) => Convert.ToHexString(SHA256.HashData(
        [.. arguments.OfType<IRequestBody>().SelectMany(b => JsonSerializer.SerializeToUtf8Bytes(b.Json))]));
}
