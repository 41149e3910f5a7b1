using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Signal.Manage.Http;

/// <summary>
/// Remembers the answers to creates by their <c>Idempotency-Key</c>, so that a client that heard nothing may simply ask again.
/// In memory: a restart forgets them.
/// </summary>
internal sealed class Idempotency(ManageOptions options, TimeProvider time) : IEndpointFilter
{
    private const int MaxKeys = 10_000;
    private readonly ConcurrentDictionary<string, Entry> _answers = new();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key) return await next(context);
        if (key.Length > 255) return Answer.Invalid([new("Idempotency-Key", "length", "Idempotency-Key must have at most 255 characters.")]);

        Forget();
        var input = Fingerprint(context.Arguments);
        var mine = new Entry(input, time.GetUtcNow() + options.IdempotencyLife);
        var entry = _answers.GetOrAdd($"{http.User.Identity?.Name}\n{http.Request.Method} {http.Request.Path}\n{key}", mine);
        if (ReferenceEquals(entry, mine)) return await FirstAsync(mine, context, next);
        if (entry.Input != input)
            return Answer.Problem(422, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used with another body. Use a new key for a new request.");
        http.Response.Headers["Idempotent-Replayed"] = "true";
        return await entry.Answer.Task;
    }

    private async Task<object?> FirstAsync(Entry mine, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            var answer = await next(context);
            mine.Answer.SetResult(answer);
            // A refusal is not remembered: the same key may succeed once its cause is gone.
            if (answer is IStatusCodeHttpResult { StatusCode: >= 400 }) Remove(mine);
            return answer;
        }
        catch (Exception e)
        {
            mine.Answer.TrySetException(e);
            Remove(mine);
            throw;
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in _answers)
            if (entry.Until <= now) _answers.TryRemove(key, out _);
        if (_answers.Count <= MaxKeys) return;
        foreach (var (key, _) in _answers.OrderBy(a => a.Value.Until).Take(_answers.Count - MaxKeys)) _answers.TryRemove(key, out _);
    }

    private void Remove(Entry mine)
    {
        foreach (var (key, entry) in _answers)
            if (ReferenceEquals(entry, mine)) _answers.TryRemove(key, out _);
    }

    private static string Fingerprint(IList<object?> arguments) => Convert.ToHexString(SHA256.HashData(
        [.. arguments.OfType<IRequestBody>().SelectMany(b => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(b.Json))]));

    private sealed record Entry(string Input, DateTimeOffset Until)
    {
        public TaskCompletionSource<object?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
