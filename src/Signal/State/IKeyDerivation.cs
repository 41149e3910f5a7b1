namespace Signal.State;

/// <summary>Keys for other purposes, derived from the master key: the same on every process that has it, useless for opening secrets.</summary>
public interface IKeyDerivation
{
    /// <summary>32 bytes that belong to this purpose.</summary>
    byte[] Derive(string purpose);
}
