namespace Switchboard.Http;

/// <summary>The answer of <c>GET calls/{instanceId}</c>.</summary>
/// <param name="InstanceId">The call.</param>
/// <param name="ChannelId">Its channel; null where no request named one.</param>
/// <param name="Turns">Its turns, in order.</param>
/// <param name="HasMore">Whether more turns are stored than are answered.</param>
internal sealed record CallTranscript(string InstanceId, string? ChannelId, IReadOnlyList<TurnCard> Turns, bool HasMore);
