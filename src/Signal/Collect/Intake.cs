using Microsoft.AspNetCore.Connections;
using Signal.Configure;
using Signal.State;

namespace Signal.Collect;

/// <summary>The path of every event from the browser to the log; the one place that names each stage in order.</summary>
internal sealed class Intake(
    IConfigurationFeed configuration,
    CollectOptions options,
    BodyStage body,
    SignatureStage signatures,
    ParseStage parser,
    PixelStage pixel,
    RateLimits rates,
    GovernStage govern,
    AppendStage append,
    Tally tally,
    TimeProvider clock,
    ILogger<Intake> log)
{
    /// <summary>Takes one request and answers it: 200 only when everything it answers for is on disk or was dropped on purpose.</summary>
    internal async Task HandleAsync(HttpContext http, CollectRoute route)
    {
        if (route.Shape == CollectShape.Ignored)
        {
            OriginStage.AllowForError(http, configuration.Current, null);
            await Answers.WriteSuccessAsync(http);
            return;
        }

        using var call = new CollectCall(http, route, configuration.Current, clock.GetUtcNow());
        if (await TakeAsync(call) is { } refusal) await RefuseAsync(call, refusal);
        else await AcceptAsync(call);
    }

    /// <summary>Each stage answers null to go on, or why the call ends here.</summary>
    private async ValueTask<Refusal?> RunAsync(CollectCall call)
    {
        var inQuery = call.Route.Shape == CollectShape.Pixel;
        return Credentials.FromHead(call)                                     // 1. who sends: the key in headers or query
            ?? (inQuery ? pixel.Read(call) : await body.ReadAsync(call))      // 2. limits: media type, encoding, size
            ?? signatures.Check(call)                                         //    who sends: the signature over the bytes as sent
            ?? (inQuery ? null : body.Decode(call))                           //    size after decompression, UTF-8
            ?? parser.Parse(call)                                             // 3. parse: one pass over the bytes
            ?? Credentials.FromBody(call)                                     //    who sends: the key in the body
            ?? OriginStage.Check(call)                                        //    from which page
            ?? rates.Take(call)                                               //    how fast
            ?? await govern.DecideAsync(call)                                 // 4. govern: validate, identify, bots, consent per event
            ?? await append.AppendAsync(call);                                // 5. append once; durable when it returns
    }

    // The boundary of a request: what is expected to go wrong outside of us becomes an answer here.
    private async ValueTask<Refusal?> TakeAsync(CollectCall call)
    {
        try
        {
            return await RunAsync(call);
        }
        catch (BadHttpRequestException e)
        {
            return Refusal.CutOff(e.StatusCode);
        }
        catch (Exception e) when (e is ConnectionResetException || (e is OperationCanceledException && call.Http.RequestAborted.IsCancellationRequested))
        {
            // The sender hung up before its events were stored. Nobody hears the answer; it is counted, and no trouble of ours.
            call.Http.Abort();
            return Refusal.CutOff(StatusCodes.Status400BadRequest);
        }
        catch (StateUnavailableException e)
        {
            log.ConsentUnavailable(e);
            return Refusal.NoStore(options.RetryAfter);
        }
    }

    private Task RefuseAsync(CollectCall call, Refusal refusal)
    {
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) signatures.Release(call);
        OriginStage.AllowForError(call.Http, call.Configuration, call.Source);
        tally.Refused(call, refusal);
        return Answers.WriteAsync(call, refusal);
    }

    private async Task AcceptAsync(CollectCall call)
    {
        if (call.Route.Shape == CollectShape.Reset) await ResetStage.ApplyAsync(call, govern, options);
        else if (call.Visitor is { } visitor && call.Source!.Cookie.Enabled)
            VisitorCookie.Write(call.Http.Response, call.Source.Cookie, visitor, ClientAddress.IsHttps(call.Http, options.TrustedProxies));
        tally.Decided(call);
        await Answers.WriteAsync(call);
    }
}
