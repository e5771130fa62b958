namespace Caller.Check;

internal enum ProbeKind
{
    /// <summary>A turn that any conforming server answers with a stream; its chunks are judged.</summary>
    Turn,

    /// <summary>A request that is to be refused, or that asks for something other than a stream.</summary>
    Other,

    /// <summary>A turn on which we hang up.</summary>
    Aborted,
}
