namespace Switchboard.Contract;

/// <summary>The audio formats of <c>input_audio</c>.</summary>
internal static class AudioFormats
{
    /// <summary>The media type of a format; null for one that the wire does not have.</summary>
    public static string? ToMediaType(string format) => format switch
    {
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        _ => null,
    };

    /// <summary>The format of a media type; null for one that the wire does not have.</summary>
    public static string? ToWire(string mediaType) => mediaType.ToLowerInvariant() switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };
}
