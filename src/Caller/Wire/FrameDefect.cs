namespace Caller.Wire;

/// <summary>What can be wrong with the framing of an event stream (WHATWG HTML, section 9.2.6).</summary>
internal enum FrameDefect
{
    /// <summary>A line that is no field of an event stream, for instance JSON without <c>data:</c>.</summary>
    StrayLine,

    /// <summary>Several payloads without the blank line that ends an event.</summary>
    JoinedEvents,

    /// <summary>The stream ended inside an event; a strict reader drops that event.</summary>
    UnterminatedEvent,

    /// <summary>Bytes that are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>An event with a name of its own, which a plain reader does not listen to.</summary>
    NamedEvent,
}
