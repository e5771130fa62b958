using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Models;

/// <summary>
/// What requests may ask of a model. A platform needs little of what the format allows; what it does not need, a leaked key is better
/// without: it would be a free model.
/// </summary>
public sealed class AcceptOptions
{
    /// <summary>
    /// The most tokens of an answer: a request for more (<c>max_tokens</c>, <c>max_completion_tokens</c>) gets so many, and one that
    /// says nothing too. Default none: as the request says.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? MaxTokens { get; set; }

    /// <summary>Whether a request may declare <c>tools</c>. Default true; false refuses it with 400.</summary>
    public bool Tools { get; set; } = true;

    /// <summary>Whether a request may hold messages of the roles <c>system</c> and <c>developer</c>. Default true; false refuses it with 400.</summary>
    public bool SystemMessages { get; set; } = true;

    /// <summary>Whether messages may hold pictures (<c>image_url</c>). Default true; false refuses them with 400.</summary>
    public bool Images { get; set; } = true;

    /// <summary>Whether messages may hold recordings (<c>input_audio</c>). Default true; false refuses them with 400.</summary>
    public bool Audio { get; set; } = true;

    /// <summary>Whether messages may hold files (<c>file</c>). Default true; false refuses them with 400.</summary>
    public bool Files { get; set; } = true;

    /// <exception cref="ApiException">400: the request holds what this model does not accept; the exception names the field.</exception>
    internal void Apply(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (!Tools && options.Tools is { Count: > 0 })
        {
            throw ApiException.UnsupportedValue("tools", "this model does not accept tools");
        }

        for (var index = 0; index < messages.Count; index++)
        {
            Check(messages[index], $"messages[{index}]");
        }

        if (MaxTokens is { } max)
        {
            options.MaxOutputTokens = Math.Min(options.MaxOutputTokens ?? max, max);
        }
    }

    private void Check(ChatMessage message, string path)
    {
        if (!SystemMessages && (message.Role == ChatRole.System || message.Role == WireRoles.Developer))
        {
            throw ApiException.UnsupportedValue($"{path}.role", "this model does not accept system or developer messages");
        }

        for (var part = 0; part < message.Contents.Count; part++)
        {
            // By what it is, not by where it stands: image_url takes a data URI of any kind.
            var isAudio = message.Contents[part] is DataContent data && data.HasTopLevelMediaType("audio");
            if (isAudio && !Audio)
            {
                throw ApiException.UnsupportedValue($"{path}.content[{part}]", "this model does not accept audio");
            }

            if (!Files && message.Contents[part] is UnreadContent { IsFile: true })
            {
                throw ApiException.UnsupportedValue($"{path}.content[{part}]", "this model does not accept files");
            }

            if (!isAudio && !Images && message.Contents[part] is (UriContent or DataContent))
            {
                throw ApiException.UnsupportedValue($"{path}.content[{part}]", "this model does not accept images");
            }
        }
    }
}
