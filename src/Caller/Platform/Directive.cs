namespace Caller.Platform;

/// <summary>A directive found in the text of an answer.</summary>
internal sealed record Directive(DirectiveKind Kind, string Text);
