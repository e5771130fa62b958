namespace Switchboard.Endpoints;

/// <summary>The answer of <c>GET calls/{instanceId}</c>.</summary>
internal sealed record CallTranscript(string InstanceId, string? ChannelId, IReadOnlyList<TurnCard> Turns);
