using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Access;
using Switchboard.Calls;
using Switchboard.Models;
using Switchboard.Settings;
using Switchboard.Telemetry;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>POST chat/completions</c>: one turn of a call.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat</remarks>
public sealed class ChatCompletionsEndpoint
{
    private readonly BearerCheck _access;
    private readonly TurnLimits _turns;
    private readonly ModelCatalog _models;
    private readonly LimitsOptions _limits;
    private readonly TurnTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ChatCompletionsEndpoint(
        BearerCheck access,
        TurnLimits turns,
        ModelCatalog models,
        IOptions<SwitchboardOptions> options,
        TurnTelemetry telemetry,
        TimeProvider time,
        ILogger<ChatCompletionsEndpoint> logger)
    {
        _access = access;
        _turns = turns;
        _models = models;
        _limits = options.Value.Limits;
        _telemetry = telemetry;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Answers one request. A streamed answer is written and flushed here, piece by piece, and the result is then empty.
    /// Nothing escapes: in a Functions app an exception would become an empty 500 or a broken body.
    /// </summary>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var turn = new TurnRecord(_time);
        var activity = _telemetry.Begin();
        context.Response.Headers[RequestId.Header] = turn.RequestId;
        try
        {
            return await AnswerAsync(context, turn);
        }
        catch (OperationCanceledException fault) when (fault is CallerLeftException || context.RequestAborted.IsCancellationRequested)
        {
            turn.MarkCallerLeft();
            return Results.Empty;
        }
        catch (Exception fault)
        {
            var error = TurnFault.Report(fault, turn, _logger);
            return context.Response.HasStarted ? Results.Empty : new ErrorResult(error);
        }
        finally
        {
            _telemetry.End(turn, activity);
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext context, TurnRecord turn)
    {
        await _access.DemandAsync(context.Request, context.RequestAborted);
        using var place = _turns.Enter();
        using var body = await RequestBody.ReadAsync(context.Request, _limits.MaxRequestBytes, context.RequestAborted);
        turn.Call = CallContextReader.Read(body.RootElement, context.Request);
        var options = new TurnOptions(turn.Call);
        var request = CompletionRequestReader.Read(body.RootElement, options, _limits.MaxMessages);
        turn.Model = request.Model;
        if (!_models.TryGet(request.Model, out var model))
        {
            throw ApiException.ModelNotFound();
        }

        turn.ConfiguredModel = model.Id;

        using var scope = _logger.BeginScope(new TurnScope(turn.RequestId, turn.Call));
        using var cancellation = new TurnCancellation(_limits.TurnTimeout, _time, context.RequestAborted);
        try
        {
            var head = CompletionHead.Create(request.Model, _time);
            var answer = model.Client.GetStreamingResponseAsync(request.Messages, options, cancellation.Token);
            if (!request.Stream)
            {
                return new CompletionResult(head, await CompletionResult.CollectAsync(answer));
            }

            await StreamAsync(context.Response, head, answer, request.IncludeUsage, turn, cancellation);
            return Results.Empty;
        }
        catch (OperationCanceledException fault) when (cancellation.HasTimedOut)
        {
            throw ApiException.UpstreamTimedOut(fault);
        }
    }

    private async Task StreamAsync(
        HttpResponse response,
        CompletionHead head,
        IAsyncEnumerable<ChatResponseUpdate> answer,
        bool withUsage,
        TurnRecord turn,
        TurnCancellation cancellation)
    {
        await using var updates = answer.GetAsyncEnumerator(cancellation.Token);
        using var chunks = new ChunkWriter(response.BodyWriter, head, withUsage);
        var stream = new CompletionStream(response, chunks, updates, turn, cancellation);
        var hasUpdate = await stream.WaitForStartAsync();
        try
        {
            await stream.WriteAsync(hasUpdate, withUsage);
        }
        catch (Exception fault) when (!response.HttpContext.RequestAborted.IsCancellationRequested && fault is not CallerLeftException)
        {
            var reported = fault is OperationCanceledException && cancellation.HasTimedOut ? ApiException.UpstreamTimedOut(fault) : fault;
            await stream.WriteErrorAsync(TurnFault.Report(reported, turn, _logger));
        }
    }
}
