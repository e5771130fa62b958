using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A call action on its way to the platform.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What it does exactly, as JSON.</param>
/// <param name="Content">What carries it: a tool call, or a directive in the text.</param>
internal sealed record PerformedAction(string Name, string Arguments, AIContent Content);
