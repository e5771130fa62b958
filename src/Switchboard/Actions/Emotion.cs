namespace Switchboard.Actions;

/// <summary>How an answer is spoken.</summary>
public enum Emotion
{
    Neutral,
    Happy,
    Sad,
}
