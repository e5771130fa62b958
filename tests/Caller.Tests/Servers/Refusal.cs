namespace Caller.Tests.Servers;

/// <summary>An error answer.</summary>
public sealed record Refusal(int Status, string Code, string Message, string? Param = null);
