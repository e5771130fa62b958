namespace Caller.Wire;

/// <summary>A framing defect and the line it was found in.</summary>
internal sealed record FoundDefect(FrameDefect Kind, string Line);
