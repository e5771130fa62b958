using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Transcripts;

namespace Switchboard.Turn;

/// <summary>Answers <c>POST chat/completions</c>: one turn of a call.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat</remarks>
internal sealed class TurnEndpoint(
    AccessControl access,
    TurnLimits turns,
    TurnDrain drain,
    OpenCalls calls,
    ModelCatalog catalog,
    CallContextReader callContexts,
    LimitsOptions limits,
    TurnTelemetry telemetry,
    Transcriber? transcriber,
    TimeProvider time,
    ILogger<TurnEndpoint> logger) : IRoutes
{
    private readonly RecentNames _otherModels = new();

    public IEnumerable<HttpRoute> All => [Route(Routes.ChatCompletions), Route(Routes.ChatCompletionsV1)];

    private HttpRoute Route(string path) => new(path, [HttpMethods.Post, HttpMethods.Options], AnswerAsync) { IsSelfBounded = true, IsForPages = true };

    /// <summary>
    /// Answers one request. The answer is written here, a streamed one piece by piece, and the result is empty: until the client has
    /// taken it the turn keeps its place, and is cut off in its time. Nothing escapes: in a Functions app an exception would become an empty 500 or a broken body.
    /// </summary>
    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        var turn = new TurnRecord(time);
        // Until its line is written: who waits for the turns to end waits for that, too.
        using var running = drain.Take();
        var activity = telemetry.Begin();
        using var scope = logger.BeginScope(new TurnScope(turn));
        context.Response.Headers[RequestId.Header] = turn.RequestId;
        try
        {
            await TryAnswerAsync(context, turn, running);
        }
        catch (Exception failure) when (failure is CallerLeftException || context.RequestAborted.IsCancellationRequested)
        {
            // Whatever a responder makes of being cancelled, the reason is that the caller left, or that the app did.
            if (running.IsOver)
            {
                turn.MarkStopped();
            }

            turn.MarkCallerLeft();
            TurnLog.ResponderFailedInFull(logger, failure);
            if (failure is CallerLeftException { IsCutOff: true })
            {
                TurnLog.CutOff(logger, turn.Call.InstanceId, turn.RequestId);
            }
        }
        catch (Exception failure)
        {
            await RefuseAsync(context, TurnFailure.Report(failure, turn, logger), turn);
        }
        finally
        {
            turn.Notes?.Ended?.Invoke(turn.Outcome is TurnOutcome.Completed or TurnOutcome.Apologised || turn.Notes.Failure is not null);
            turn.MarkEnd();
            telemetry.End(turn, activity);
        }

        await OutcomeComment.WriteAsync(context, turn, time);
        return Results.Empty;
    }

    private async Task RefuseAsync(HttpContext context, ApiException error, TurnRecord turn)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        try
        {
            await new ErrorResult(error).ExecuteAsync(context);
        }
        catch (Exception failure)
        {
            // A few hundred bytes of our own: only the connection can fail.
            turn.MarkCallerLeft();
            TurnLog.ResponderFailedInFull(logger, failure);
        }
    }

    private async Task TryAnswerAsync(HttpContext context, TurnRecord turn, TurnDrain.Place running)
    {
        var key = await access.Platforms.DemandAsync(context.Request, context.RequestAborted);
        turn.Key = key.Digest.Name;
        turn.KeyName = key.Name;
        drain.EnsureOpen();
        // A place is taken when the body is there: bodies that trickle in must not keep others out.
        var bytes = await RequestBody.ReadAsync(context.Request, limits.MaxRequestBytes, turns, time, drain.Stopping);
        using var place = turns.Enter(bytes.Length, key.Name);
        running.Enter();
        var models = catalog.Enter();
        try
        {
            turn.Settings = models.Version;
            var request = Read(bytes, context.Request, models, turn, out var options);
            await AnswerByAsync(models, context, key, request, options, turn);
        }
        finally
        {
            models.Leave();
        }
    }

    // By one version of the settings, to its end. What an async method is given it holds until then, so not the body.
    private async Task AnswerByAsync(ModelSet models, HttpContext context, KnownKey key, CompletionRequest request, TurnOptions options, TurnRecord turn)
    {
        turn.Model = request.Model;
        turn.Notes = options.Notes;
        options.Origin = RepeatedRequests.OriginOf(context.Request, key.Digest);
        var recording = transcriber?.Begin(context.Response, request.Messages, turn.Call, options.Notes, turn.ToTranscript);
        if (!models.TryGet(request.Model, out var model))
        {
            throw ApiException.ModelNotFound();
        }

        NoteModel(request.Model, model, turn);
        // What was requested may be any of thousands; spans and metrics are about the configured ones.
        options.ModelId = model.Id;
        model.Accept.Apply(request.Messages, options);
        turn.Responder = model.Responder;
        var dialect = Dialects.Of(turn.Call);
        var isAnswered = !dialect.AnswersOnlyTheCaller || EndsWithTheCaller(request.Messages);
        // Last: a request that is refused must not end the turn that its call is in, nor one that nobody has said anything in.
        using var open = calls.Enter(key.Digest, isAnswered ? turn.Call : new CallContext(), request.Messages);
        using var cancellation = new TurnCancellation(limits.TurnTimeout, time, open.Superseded, drain.Over, context.RequestAborted);
        options.CallerGone = cancellation.CallerGone;
        options.Stopped = drain.Over;
        var head = CompletionHead.Create(request.Model, time);
        var form = Form(dialect.Answer, request, model);
        try
        {
            var answer = isAnswered ? model.Client.GetStreamingResponseAsync(request.Messages, options, cancellation.Token) : AsyncEnumerable.Empty<ChatResponseUpdate>();
            if (!request.Stream)
            {
                var result = await CompletionResult.CollectAsync(head, form, answer, turn, recording);
                if (result.IsHeard)
                {
                    turn.MarkSpeech(result.IsAnswered);
                }

                await result.WriteAsync(context, cancellation.CutOff);
                return;
            }

            await StreamAsync(context.Response, head, form, answer, request.IncludeUsage, turn, recording, cancellation);
        }
        catch (Exception failure) when (failure is not CallerLeftException && cancellation.IsSuperseded && !context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // Whatever a responder makes of being cancelled.
            turn.MarkCallerLeft();
            await CompletionResult.Superseded(head, dialect.Answer).WriteAsync(context, cancellation.CutOff);
        }
        catch (Exception failure) when (failure is not CallerLeftException && cancellation.IsStopped && !context.RequestAborted.IsCancellationRequested)
        {
            turn.MarkStopped();
            throw ApiException.Stopping();
        }
        catch (OperationCanceledException failure) when (failure is not CallerLeftException && cancellation.HasTimedOut)
        {
            throw ApiException.UpstreamTimedOut(failure);
        }
        finally
        {
            Note(options.Notes, turn, cancellation);
        }
    }

    private void NoteModel(string asked, CatalogModel model, TurnRecord turn)
    {
        turn.Model = turn.ConfiguredModel = model.Id;
        // A mistyped id is answered by the default, and nothing else tells of it.
        if (asked.Length > 0 && !string.Equals(asked, model.Id, StringComparison.OrdinalIgnoreCase) && _otherModels.Add(asked))
        {
            TurnLog.OtherModel(logger, asked, model.Id, turn.Call.InstanceId, turn.RequestId);
        }
    }

    private static bool EndsWithTheCaller(IReadOnlyList<ChatMessage> messages) => messages[^1].Role == ChatRole.User || messages[^1].Role == ChatRole.Tool;

    // Apart, so that the body is not held while the answer is streamed: a conversation is long, and a stream too.
    private CompletionRequest Read(ReadOnlyMemory<byte> bytes, HttpRequest http, ModelSet models, TurnRecord turn, out TurnOptions options)
    {
        using var body = JsonBody.Parse(bytes);
        turn.Call = callContexts.Read(body.RootElement, http, models.PlatformOf(body.RootElement));
        options = new TurnOptions(turn.Call) { RequestId = turn.RequestId };
        try
        {
            callContexts.Check(turn.Call, body.RootElement, http);
            return CompletionRequestReader.Read(body.RootElement, options, limits.MaxMessages, models.DefaultId);
        }
        catch (ApiException) when (turn.Call.InstanceId is { Length: > 0 and <= JsonField.MaxNameLength })
        {
            // Its caller hears nothing: whoever looks for the call is to find it, and why. What is refused for its length is not kept either.
            turn.Call = CallContextReader.WithoutLong(turn.Call);
            turn.Model = body.RootElement.At("model"u8) is { ValueKind: JsonValueKind.String } model && model.GetString() is { Length: > 0 and <= JsonField.MaxNameLength } asked ? asked : null;
            transcriber?.Begin(http.HttpContext.Response, [], turn.Call, new TurnNotes(), turn.ToTranscript);
            throw;
        }
    }

    // Once a stream, and not once a token.
    private static AnswerForm Form(AnswerForm form, CompletionRequest request, CatalogModel model)
    {
        form = form.TakesSteering && model.Steering is { } steering ? form with { Steering = steering } : form;
        return request.KnowsFunctionsAlone ? form with { HasFunctionCall = true } : form;
    }

    private async Task StreamAsync(
        HttpResponse response,
        CompletionHead head,
        AnswerForm form,
        IAsyncEnumerable<ChatResponseUpdate> answer,
        bool withUsage,
        TurnRecord turn,
        TurnRecording? recording,
        TurnCancellation cancellation)
    {
        using var chunks = new ChunkWriter(response.BodyWriter, head, withUsage, form);
        await using var updates = answer.GetAsyncEnumerator(cancellation.Token);
        await using var output = new StreamOutput(response.HttpContext, chunks, () => WriteHeaders(response), limits.KeepAlive, time, cancellation.CutOff);
        var stream = new CompletionStream(output, chunks, updates, turn, recording, cancellation);
        try
        {
            await stream.WriteAsync();
            if (chunks.IsFull)
            {
                TurnLog.TooLong(logger, turn.Call.Platform, form.MaxBytes, turn.Call.InstanceId, turn.RequestId);
            }
        }
        catch (Exception failure) when (output.HasStarted && failure is not CallerLeftException && !response.HttpContext.RequestAborted.IsCancellationRequested)
        {
            var reported = failure is OperationCanceledException && cancellation.HasTimedOut ? ApiException.UpstreamTimedOut(failure) : failure;
            await stream.WriteErrorAsync(TurnFailure.Report(reported, turn, logger));
        }
    }

    private void Note(TurnNotes notes, TurnRecord turn, TurnCancellation cancellation)
    {
        turn.Route = notes.Route?.Name;
        if (notes.Failure is OperationCanceledException && cancellation.IsStopped)
        {
            turn.MarkStopped();
        }
        else if (notes.Failure is { } failure)
        {
            TurnFailure.Log(failure, turn, logger);
            var error = failure is OperationCanceledException && cancellation.HasTimedOut ? ApiException.UpstreamTimedOut(failure) : TurnFailure.ToError(failure);
            if (notes.HasApologised)
            {
                turn.MarkApology(error);
            }
            else
            {
                // It fell silent: the client got a whole stream, and the caller half an answer.
                turn.MarkError(error);
            }
        }
    }

    private static void WriteHeaders(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        // Reverse proxies such as nginx hold a response back unless they are told not to.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
