using Microsoft.AspNetCore.Http;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET calls/{instanceId}</c>: what was said on a call.</summary>
public sealed class CallEndpoint
{
    private readonly OperatorGate _gate;

    internal CallEndpoint(OperatorGate gate) => _gate = gate;

    public Task<IResult> HandleAsync(HttpContext context) => _gate.AnswerAsync(context, async (transcripts, cancellationToken) =>
    {
        var given = context.Request.RouteValues[Routes.CallId] as string ?? "";
        // A server leaves an encoded slash in a path as it is, and decodes everything else.
        var instanceId = given.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var turns = await transcripts.ReadAsync(instanceId, cancellationToken);
        if (turns.Count == 0 && instanceId != given)
        {
            turns = await transcripts.ReadAsync(given, cancellationToken);
        }

        return turns is [.., var last]
            ? Results.Json(new CallTranscript(last.InstanceId, last.ChannelId, [.. turns.Select(TurnCard.Of)]), CallsJson.Default.CallTranscript)
            : throw ApiException.CallNotFound();
    });
}
