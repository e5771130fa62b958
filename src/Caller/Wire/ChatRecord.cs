namespace Caller.Wire;

/// <summary>One record of the conversation as the platform sends it.</summary>
internal sealed record ChatRecord(string Role, string Content)
{
    public static ChatRecord User(string content) => new("user", content);

    public static ChatRecord Assistant(string content) => new("assistant", content);
}
