using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Contract;

namespace Switchboard.Http;

/// <summary>Answers <c>GET calls/{instanceId}</c>, what was said on a call, and <c>DELETE</c>, which forgets it.</summary>
public sealed class CallEndpoint
{
    private readonly OperatorGate _gate;

    internal CallEndpoint(OperatorGate gate) => _gate = gate;

    public Task<IResult> HandleAsync(HttpContext context) => _gate.AnswerAsync(
        context, (visit, cancellationToken) => HttpMethods.IsDelete(context.Request.Method)
            ? EraseAsync(visit, Id(context), cancellationToken)
            : ReadAsync(visit, Id(context), cancellationToken));

    private static async Task<IResult> ReadAsync(OperatorVisit visit, string id, CancellationToken cancellationToken)
    {
        var (turns, hasMore) = await visit.Calls.Reader.ReadAsync(id, cancellationToken);
        visit.Read(id, turns.Count);
        return turns is [.., var last]
            ? Results.Json(new CallTranscript(last.InstanceId, last.ChannelId, [.. turns.Select(TurnCard.Of)], hasMore), CallsJson.Default.CallTranscript)
            : throw ApiException.CallNotFound();
    }

    private static async Task<IResult> EraseAsync(OperatorVisit visit, string id, CancellationToken cancellationToken)
    {
        var turns = await visit.Calls.Eraser.EraseAsync(id, cancellationToken);
        visit.Deleted(id, turns ?? 0);
        return turns is null ? throw ApiException.CallNotFound() : Results.NoContent();
    }

    // A server decodes a path but for an encoded slash, and so cannot tell it from an id with those very letters; the target as it was
    // sent can. It is decoded once and means one call: with a second reading a repeated DELETE would erase another one.
    private static string Id(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0].TrimEnd('/').Split('/')[^1] is { Length: > 0 } sent
            ? Uri.UnescapeDataString(sent)
            : context.Request.RouteValues[Routes.CallId] as string ?? "";
}
