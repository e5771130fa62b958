using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Transcripts;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET calls/{instanceId}</c>, what was said on a call, and <c>DELETE</c>, which forgets it.</summary>
public sealed class CallEndpoint
{
    private readonly OperatorGate _gate;

    internal CallEndpoint(OperatorGate gate) => _gate = gate;

    public Task<IResult> HandleAsync(HttpContext context) => _gate.AnswerAsync(
        context, (stored, cancellationToken) => HttpMethods.IsDelete(context.Request.Method)
            ? EraseAsync(stored.Eraser, Ids(context), cancellationToken)
            : ReadAsync(stored.Reader, Ids(context), cancellationToken));

    private static async Task<IResult> ReadAsync(CallReader calls, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            var (turns, hasMore) = await calls.ReadAsync(id, cancellationToken);
            if (turns is [.., var last])
            {
                return Results.Json(new CallTranscript(last.InstanceId, last.ChannelId, [.. turns.Select(TurnCard.Of)], hasMore), CallsJson.Default.CallTranscript);
            }
        }

        throw ApiException.CallNotFound();
    }

    private static async Task<IResult> EraseAsync(CallEraser calls, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await calls.EraseAsync(id, cancellationToken))
            {
                return Results.NoContent();
            }
        }

        throw ApiException.CallNotFound();
    }

    // A server decodes a path but for an encoded slash, and so cannot tell it from an id with those very letters; the target as it was
    // sent can. A proxy before this server may have decoded and encoded it again.
    private static IEnumerable<string> Ids(HttpContext context)
    {
        var sent = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0].Split('/')[^1] ?? "";
        var decoded = context.Request.RouteValues[Routes.CallId] as string ?? "";
        return [.. new[] { Uri.UnescapeDataString(sent), decoded }.Distinct()];
    }
}
