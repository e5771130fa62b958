using Caller.Wire;

namespace Caller.Commands;

/// <summary>Whom to call, as read from the command line.</summary>
internal sealed record Target(Endpoint Endpoint, string Model, string? Key);
