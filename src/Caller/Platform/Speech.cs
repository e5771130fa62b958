namespace Caller.Platform;

/// <summary>A stretch of an answer: either text to be spoken or a directive.</summary>
internal sealed record Speech(string Text, Directive? Directive = null);
